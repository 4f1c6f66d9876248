import type { Command } from 'commander';
import * as v from 'valibot';
import { RolecallError } from '../model/errors.ts';
import type { RoleView } from '../model/role-view.ts';
import { withBlock } from '../render/managed-block.ts';
import { emptyNginxText, hostsLines, jsonText, nginxText } from '../render/rendering.ts';
import { commandName, declare } from './command.ts';
import { type DueCommand, dueCommand } from './render/after-change.ts';
import { type Emptiness, emptinessOf } from './render/emptiness.ts';
import { type Destination, destinationOf, rewrite } from './render/file.ts';
import { blockName, checkTogether, port, type RenderFlags, upstreamName, withRenderOptions } from './render/options.ts';
import { type Rendered, type RenderJob, renderForEver, renderOnce } from './render/render-loop.ts';
import { endpointSource, registrySource, type RoleSource } from './render/source.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { openTarget } from './target.ts';

const HEADER = '# Written by rolecall render; what is changed here is lost.\n';

const RESULT = v.strictObject({
  changed: v.boolean(),
  empty: v.array(v.string()),
  file: v.exactOptional(v.string()),
  content: v.exactOptional(v.string()),
});

/** What a file should hold, by what it holds now; `empty`: the roles that have nobody for it. */
interface Format<Flags> {
  readonly text: (views: readonly RoleView[], flags: Flags, before: string) => string;
  readonly isEmpty: (view: RoleView, flags: Flags) => boolean;
  /** What a member must have to be in the file. */
  readonly needed: (flags: Flags) => string;
}

const HOSTS: Format<RenderFlags & { readonly block: string }> = {
  text: (views, { side, block }, before) => withBlock(before, block, hostsLines(views, side)),
  isEmpty: (view, { side }) => hostsLines([view], side).length === 0,
  needed: ({ side }) => `a name for an address of --side ${side}`,
};

const NGINX: Format<RenderFlags & { readonly port: number; readonly upstream?: string }> = {
  text: (views, flags) =>
    HEADER + views.map((view) => nginxText(view, flags) ?? emptyNginxText(view.role, flags.upstream)).join('\n'),
  isEmpty: (view, flags) => nginxText(view, flags) === undefined,
  needed: ({ side }) => `an address of --side ${side}`,
};

const JSON_FILE: Format<RenderFlags> = {
  text: (views) => jsonText(views),
  isEmpty: ({ members }) => members.length === 0,
  needed: () => 'anything',
};

/** Writes the members of roles for machines that read files, not DNS. */
export function defineRender(render: Command, surroundings: Surroundings): void {
  const hosts = declare(render.command('hosts'), {
    result: RESULT,
    examples: ['render hosts --role web cache --out /etc/hosts', 'render hosts --role web'],
  }).description('a block of /etc/hosts with the names of members; every other line stays as it is');
  withRenderOptions(hosts)
    .option('--block <name>', 'the name of the block, where a file has several', blockName, 'members')
    .action(async (_flags: object, command: Command) => await run(HOSTS, surroundings, command));

  const nginx = declare(render.command('nginx'), {
    result: RESULT,
    examples: [
      "render nginx --role web --port 8080 --out /etc/nginx/conf.d/web.conf --command 'nginx -s reload' --watch",
    ],
  }).description('an upstream of nginx with a server for each member');
  withRenderOptions(nginx)
    .option('--port <port>', 'the port of the servers', port, 80)
    .option('--upstream <name>', 'the name of the upstream, when it is not the role', upstreamName)
    .action(async (_flags: object, command: Command) => await run(NGINX, surroundings, command));

  const json = declare(render.command('json'), {
    result: RESULT,
    examples: ['render json --role web', 'render json --role web --out /run/web.json --watch'],
  }).description('the members as JSON');
  withRenderOptions(json).action(
    async (_flags: object, command: Command) => await run(JSON_FILE, surroundings, command),
  );
}

async function run<Flags extends RenderFlags>(
  format: Format<Flags>,
  surroundings: Surroundings,
  command: Command,
): Promise<void> {
  const flags = command.optsWithGlobals<Flags>();
  checkTogether(flags);
  const source = await sourceOf(flags, surroundings);
  const { out } = flags;
  const output = { json: flags.json ?? false, command: commandName(command) };
  if (out === undefined) {
    const { content, empty } = await printed(format, flags, source);
    printResult(surroundings, { ...output, data: { changed: false, empty, content } }, () => [content.trimEnd()]);
    return;
  }
  const say = (line: string) => surroundings.stderr(`rolecall: ${line}\n`);
  const job = jobOf(format, flags, out, { source, say, stderr: surroundings.stderr });
  if (flags.watch === true) {
    const times = { intervalMs: flags.interval, ...flags.wait };
    return await renderForEver(job, times, surroundings.clock, () => surroundings.stopped?.aborted ?? false);
  }
  const { changed, empty } = await renderOnce(job);
  const isLeft = empty.length > 0 && flags.whenEmpty === 'keep';
  printResult(surroundings, { ...output, data: { changed, empty: [...empty], file: out } }, (data) => [
    `${data.file} ${data.changed ? 'was written' : isLeft ? 'was left as it was' : 'is as it should be'}.`,
  ]);
}

async function sourceOf(
  { endpoint, tokenFile, role, ...flags }: RenderFlags,
  surroundings: Surroundings,
): Promise<RoleSource> {
  const roles = [...new Set(role)];
  if (endpoint !== undefined && tokenFile !== undefined) return endpointSource(endpoint, tokenFile, roles);
  if (flags.watch !== true) surroundings.progress?.waitFor('reading the members');
  const target = await openTarget(surroundings, flags);
  return registrySource(target.name, target.registry, roles);
}

function emptyRoles<Flags extends RenderFlags>(
  format: Format<Flags>,
  flags: Flags,
  views: readonly RoleView[],
): Emptiness {
  return emptinessOf(views, (view) => format.isEmpty(view, flags), format.needed(flags));
}

async function printed<Flags extends RenderFlags>(
  format: Format<Flags>,
  flags: Flags,
  source: RoleSource,
): Promise<{ readonly content: string; readonly empty: string[] }> {
  const views = await source.read();
  const { empty, emptiness } = emptyRoles(format, flags, views);
  if (empty.length > 0 && flags.whenEmpty === 'keep')
    throw new RolecallError('empty', `${emptiness}: nothing is printed. --when-empty write prints that.`);
  return { content: format.text(views, flags, ''), empty: [...empty] };
}

function jobOf<Flags extends RenderFlags>(
  format: Format<Flags>,
  flags: Flags,
  file: string,
  { stderr, ...rest }: Pick<RenderJob, 'source' | 'say'> & Pick<Surroundings, 'stderr'>,
): RenderJob {
  // Looked up each time: a link may lead elsewhere by then.
  const commandAt = (destination: Destination): DueCommand | undefined =>
    flags.command === undefined ? undefined : dueCommand(flags.command, destination, stderr);
  return {
    ...rest,
    write: async (views): Promise<Rendered> => {
      const empty = emptyRoles(format, flags, views);
      if (empty.empty.length > 0 && flags.whenEmpty === 'keep') return { changed: false, ...empty };
      const destination = await destinationOf(file);
      const beforeChange = async () => await commandAt(destination)?.setDue();
      const changed = await rewrite(destination, (before) => format.text(views, flags, before), beforeChange);
      return { changed, ...empty };
    },
    afterChange: async () => {
      if (flags.command === undefined) return;
      const command = commandAt(await destinationOf(file));
      if (await command?.isDue()) await command?.run();
    },
  };
}
