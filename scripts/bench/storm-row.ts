import { STORM_FLEETS, terminateAll } from './storm.ts';

/** One row of the table, in a process of its own: prints its cells as JSON. */
const fleet = STORM_FLEETS[Number(process.argv[2])];
if (fleet === undefined) throw new Error(`there is no row ${process.argv[2]}`);
console.log(JSON.stringify(await terminateAll(fleet)));
