import { Duration } from 'aws-cdk-lib';

/** How long each Lambda may run; the visibility of the queues follows from it. */
export const OBSERVE_TIMEOUT = Duration.seconds(30);
export const RECONCILE_TIMEOUT = Duration.seconds(20);
export const SWEEP_TIMEOUT = Duration.seconds(60);
/** Clients wait no longer than about this. */
export const UPDATE_TIMEOUT = Duration.seconds(15);
export const CONFIGURE_TIMEOUT = Duration.seconds(300);

/**
 * Longer than λ reconcile may run, so that a group is not worked on twice at once, and no longer than needed: after
 * a crash the group waits this long.
 */
export const RECONCILE_VISIBILITY = Duration.seconds(30);

/**
 * A spot interruption leaves two minutes: after a crash of λ observe, or a table that throttled it, its warning comes again
 * while the instance still runs. "At least six times the timeout of your function" ("Configuring a queue to use with
 * Lambda", AWS Lambda Developer Guide) would be three minutes; a message that comes twice does no harm here.
 */
export const OBSERVE_VISIBILITY = Duration.seconds(60);
