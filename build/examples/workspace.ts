import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Example } from './example.ts'
import { ExampleFailure } from './failure.ts'
import { type CommandPlace, type RunningServer, runCommand, startServer } from './processes.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')
const EXAMPLES = path.join(REPOSITORY, 'examples')

/** What is made by running an example, and never copied. */
const MADE =
  /^(?:node_modules|dist|\.imagegen|\.next|out|\.nuxt|\.output|\.astro|package-lock\.json|pnpm-lock\.yaml)$/

/** An installed copy of an example, and the ways to run it. */
export interface Workspace {
  readonly example: Example
  /** Absolute path of the copy. */
  readonly folder: string
  /** Absolute path of the package whose scripts are run. */
  readonly app: string
  readonly log: string
  /** What the framework and Node are called in the table. */
  readonly versions: { readonly framework: string; readonly node: string }
  run(script: string): Promise<string>
  imagegen(...args: readonly string[]): Promise<string>
  /** The same in another package of the example. Takes an absolute path. */
  at(cwd: string): Pick<Workspace, 'run' | 'imagegen'>
  serve(script: Example['scripts']['dev']): Promise<RunningServer>
  /** The same for somebody who has no key. */
  readonly keyless: Keyless
}

export interface Keyless {
  /** In draft mode. */
  run(script: string): Promise<string>
  serve(script: Example['scripts']['dev']): Promise<RunningServer>
}

export interface WorkspaceOptions {
  /** Absolute path of an existing folder. */
  readonly parent: string
  /** Absolute path of the packed product. */
  readonly tarball: string
  /** Where the local API server is. */
  readonly apiUrl: string
  readonly apiKey: string
}

/** Packs the built product. @returns the absolute path of the tarball */
export async function packProduct(into: string): Promise<string> {
  const place = { cwd: REPOSITORY, env: process.env, log: path.join(into, 'pack.log') }
  await runCommand('npm', ['pack', '--silent', '--pack-destination', into], place)
  const name = (await readdir(into)).find(file => file.endsWith('.tgz'))
  if (!name) throw new ExampleFailure('npm pack made no file.')
  return path.join(into, name)
}

/** Copies an example and installs it, with the packed product instead of the published one. */
export async function openWorkspace(
  example: Example,
  { parent, tarball, apiUrl, apiKey }: WorkspaceOptions,
): Promise<Workspace> {
  const { name, manager = 'npm', framework } = example
  const folder = path.join(parent, name)
  await rm(folder, { recursive: true, force: true })
  await cp(path.join(EXAMPLES, example.folder ?? name), folder, {
    recursive: true,
    filter: source => !MADE.test(path.basename(source)),
  })
  await takeProduct(folder, tarball)
  await replaceIn(path.join(folder, 'package.json'), example.replacements ?? [])
  const place: CommandPlace = {
    cwd: path.join(folder, example.app ?? '.'),
    env: await environment(example, parent, { LLMEASY_BASE_URL: apiUrl, LLMEASY_API_KEY: apiKey }),
    log: path.join(parent, `${name}.log`),
  }
  await install(manager, { ...place, cwd: folder })
  const bin = manager === 'pnpm' ? ['exec', 'imagegen'] : ['exec', '--', 'imagegen']
  const commandsIn = (where: CommandPlace): Pick<Workspace, 'run' | 'imagegen'> => ({
    run: script => runCommand(manager, ['run', script], where),
    imagegen: (...args) => runCommand(manager, [...bin, ...args], where),
  })
  const serveIn =
    (where: CommandPlace): Workspace['serve'] =>
    ({ script, args = port => ['--port', String(port)] }) =>
      startServer(
        manager,
        port => ['run', script, ...(manager === 'npm' ? ['--'] : []), ...args(port)],
        where,
      )
  const keyless = { ...place, env: { ...place.env, LLMEASY_API_KEY: undefined } }
  const drafting = { ...keyless, env: { ...keyless.env, IMAGEGEN_MODE: 'draft' } }
  return {
    example,
    folder,
    app: place.cwd,
    log: place.log,
    versions: {
      framework: await versionOf(framework, place.cwd),
      node: (await runCommand('node', ['--version'], place)).trim(),
    },
    ...commandsIn(place),
    at: cwd => commandsIn({ ...place, cwd }),
    serve: serveIn(place),
    keyless: {
      run: script => runCommand(manager, ['run', script], drafting),
      serve: serveIn(keyless),
    },
  }
}

async function install(manager: string, place: CommandPlace): Promise<void> {
  const quiet =
    manager === 'npm'
      ? ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock']
      : ['--prefer-offline', '--no-frozen-lockfile']
  await runCommand(manager, ['install', ...quiet], place)
}

/** Sets the product's dependency in every package of the example. */
async function takeProduct(folder: string, tarball: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.name !== 'package.json') continue
    const file = path.join(entry.parentPath, entry.name)
    const text = await readFile(file, 'utf8')
    const wanted = `"unplugin-imagegen": ${JSON.stringify(`file:${tarball}`)}`
    await writeFile(file, text.replace(/"unplugin-imagegen": "[^"]*"/g, wanted))
  }
}

/** @throws ExampleFailure where a text is not there */
async function replaceIn(
  file: string,
  replacements: NonNullable<Example['replacements']>,
): Promise<void> {
  let text = await readFile(file, 'utf8')
  for (const [before, after] of replacements) {
    if (!text.includes(before)) throw new ExampleFailure(`${file} does not say ${before}.`)
    text = text.replace(before, after)
  }
  await writeFile(file, text)
}

async function environment(
  { node }: Example,
  parent: string,
  own: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|pnpm_|IMAGEGEN_|LLMEASY_|OPENAI_|NODE_ENV|CI$|VITEST)/i.test(name),
  )
  const inherited = Object.fromEntries(kept)
  const folders = [path.join(REPOSITORY, 'node_modules/.bin'), inherited.PATH ?? '']
  if (node) folders.unshift(await installNode(node, parent))
  return {
    ...inherited,
    ...own,
    PATH: folders.join(path.delimiter),
    NO_COLOR: '1',
    BROWSER: 'none',
    NEXT_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    STORYBOOK_DISABLE_TELEMETRY: '1',
  }
}

/** Another version of Node, from the npm package of that name. */
async function installNode(version: string, parent: string): Promise<string> {
  const folder = path.join(parent, `node-${version}`)
  await mkdir(folder, { recursive: true })
  const place = { cwd: folder, env: process.env, log: path.join(parent, 'node.log') }
  await runCommand(
    'npm',
    ['install', '--silent', '--no-save', '--prefix', folder, `node@${version}`],
    place,
  )
  return path.join(folder, 'node_modules/node/bin')
}

async function versionOf(name: string, app: string): Promise<string> {
  const file = path.join(app, 'node_modules', name, 'package.json')
  const { version } = JSON.parse(await readFile(file, 'utf8'))
  return String(version)
}
