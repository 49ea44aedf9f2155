import { CONFIG_NAMES } from '../../config/config-names.ts'
import { addAgents } from './add-agents.ts'
import { addPlugin } from './add-plugin.ts'
import { type DetectedHost, detectHost, renderPluginHint } from './detect-host.ts'
import type { InitChange } from './init-change.ts'
import { planTypes, type TypesPlan } from './plan-types.ts'
import type { TsconfigFile } from './read-tsconfigs.ts'

/** A project before anything is changed. */
export interface Project {
  /** Names in the root, and paths of configurations in folders of their own. */
  readonly files: readonly string[]
  /** Names of all dependencies of `package.json`. */
  readonly dependencies: readonly string[]
  /** Whether there is a manifest already. */
  readonly hasManifest: boolean
  /** Texts of the configuration files in the root, by name. */
  readonly configs: ReadonlyMap<string, string>
  readonly gitignore: string | undefined
  readonly gitattributes: string | undefined
  /** What coding agents read. */
  readonly agents: string | undefined
  /** The TypeScript configurations that sources belong to. */
  readonly tsconfigs: readonly TsconfigFile[]
  /** Where types are written as things are; false: nowhere. */
  readonly types: 'mirror' | 'sidecar' | false
}

export interface InitPlan {
  readonly host: DetectedHost | undefined
  readonly changes: readonly InitChange[]
  /** Steps that are left to people. */
  readonly hints: readonly string[]
}

const IGNORED = ['.imagegen/local/']
const ATTRIBUTES = ['.imagegen/blobs/** binary', '.imagegen/types/** linguist-generated']
const SIDECAR_REASON = 'its TypeScript configuration cannot take a separate tree of types'
const LFS_ATTRIBUTE = '.imagegen/blobs/** filter=lfs diff=lfs merge=lfs -text'

/** Decides what a project lacks. Pure; a project that lacks nothing gives no changes. */
export function planInit(project: Project, { lfs = false, agents = false } = {}): InitPlan {
  const host = detectHost(project.files, project.dependencies)
  const changes: InitChange[] = []
  const hints: string[] = []
  const typesPlan = planHostTypes(project, host)
  const config = project.files.find(file => CONFIG_NAMES.includes(file))
  if (config === undefined) changes.push(createConfig(project, typesPlan.types))
  if (!project.hasManifest) changes.push(createManifest(project, host))
  const attributes = lfs ? [LFS_ATTRIBUTE, ...ATTRIBUTES.slice(1)] : ATTRIBUTES
  changes.push(
    ...addLines('.gitignore', project.gitignore, IGNORED, 'files of this machine only'),
    ...addLines('.gitattributes', project.gitattributes, attributes, 'how git stores pictures'),
  )
  if (agents) changes.push(...addAgents(project.agents))
  if (project.types !== false) {
    changes.push(...typesPlan.changes)
    hints.push(...typesPlan.hints)
    if (config !== undefined && typesPlan.types === 'sidecar' && project.types === 'mirror') {
      hints.push(`Set \`types: 'sidecar'\` in ${config}: ${SIDECAR_REASON}.`)
    }
  }
  if (!project.dependencies.includes('unplugin-imagegen')) {
    hints.push('Install unplugin-imagegen as a development dependency.')
  }
  const plugin = planPlugin(project, host)
  return {
    host,
    changes: [...changes, ...plugin.changes],
    hints: [...hints, ...plugin.hints],
  }
}

/** Some frameworks' entries write types where the framework looks for them. */
function planHostTypes({ tsconfigs, types }: Project, host: DetectedHost | undefined): TypesPlan {
  if (host?.bringsTypes && types === 'mirror') return { types, changes: [], hints: [] }
  return planTypes(tsconfigs, types || 'mirror')
}

/** Adds the plugin to the host's configuration, or says where it goes. */
function planPlugin(
  project: Project,
  host: DetectedHost | undefined,
): Pick<InitPlan, 'changes' | 'hints'> {
  if (!host) {
    return {
      changes: [],
      hints: ['No bundler was found. `imagegen generate` works without a bundler.'],
    }
  }
  const { bundler, framework, configFile: file, place, advice } = host
  if (framework === undefined && file === undefined) {
    if (bundler === 'vite') return { changes: [createViteConfig(project)], hints: [] }
    if (bundler === 'webpack') return { changes: [WEBPACK_CONFIG], hints: [] }
  }
  const before = file === undefined ? undefined : project.configs.get(file)
  if (before?.includes('unplugin-imagegen')) return { changes: [], hints: [] }
  const content = before && advice === undefined ? addPlugin(before, place) : undefined
  if (file === undefined || content === undefined) {
    const isCommonJs = before !== undefined && /\bmodule\.exports\b/.test(before)
    return { changes: [], hints: [renderPluginHint(host, isCommonJs)] }
  }
  return { changes: [{ file, action: 'edit', what: 'the plugin', content }], hints: [] }
}

/** Vite's templates without a framework have none. */
function createViteConfig(project: Project): InitChange {
  return {
    file: `vite.config.${usesTypeScript(project) ? 'ts' : 'mjs'}`,
    action: 'create',
    what: 'the plugin',
    content: `import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [imagegen()] })
`,
  }
}

/** webpack works without one. The extension makes it a module in every package. */
const WEBPACK_CONFIG: InitChange = {
  file: 'webpack.config.mjs',
  action: 'create',
  what: 'the plugin',
  content: `import imagegen from 'unplugin-imagegen/webpack'

export default { plugins: [imagegen()] }
`,
}

function usesTypeScript({ files, dependencies }: Project): boolean {
  return files.includes('tsconfig.json') || dependencies.includes('typescript')
}

function createConfig(project: Project, types: TypesPlan['types']): InitChange {
  const typed = usesTypeScript(project)
  const sidecar = `  // Beside the manifests, because ${SIDECAR_REASON}.\n  types: 'sidecar',\n`
  const body = `${types === 'sidecar' ? sidecar : ''}  // The most images that may be generated within 60 minutes.
  budget: { images: 20 },
  // Applies to every image that sets nothing else.
  output: { formats: ['avif', 'webp', 'png'], widths: [640, 1280], placeholder: 'blur' },
`
  return {
    file: typed ? 'imagegen.config.ts' : 'imagegen.config.mjs',
    action: 'create',
    what: 'options of the plugin and the command line',
    content: typed
      ? `import type { Options } from 'unplugin-imagegen'\n\nexport default {\n${body}} satisfies Options\n`
      : `/** @type {import('unplugin-imagegen').Options} */\nexport default {\n${body}}\n`,
  }
}

function createManifest({ files }: Project, host: DetectedHost | undefined): InitChange {
  // Pages of VitePress lie beside the folder of its configuration.
  const [, pages] = /^([^/]+)\/\.vitepress\//.exec(host?.configFile ?? '') ?? []
  const sources = pages ?? ['src', 'app'].find(name => files.includes(name))
  const folder = sources === undefined ? '' : `${sources}/`
  return {
    file: `${folder}hero.image.yaml`,
    action: 'create',
    what: 'a first manifest',
    content: `# yaml-language-server: $schema=${folder ? '../' : './'}node_modules/unplugin-imagegen/schema.json
prompt: A lighthouse on a cliff, seen from the sea, flat vector, soft morning light
size: 1536x1024
alt: Lighthouse on a cliff
`,
  }
}

function addLines(
  file: string,
  before: string | undefined,
  wanted: readonly string[],
  what: string,
): readonly InitChange[] {
  const present = new Set((before ?? '').split(/\r?\n/).map(line => line.trim()))
  const patterns = new Set([...present].map(line => line.split(/\s/)[0]))
  // Attributes for a path are somebody's decision about it.
  const missing = wanted.filter(line =>
    line.includes(' ') ? !patterns.has(line.split(' ')[0]) : !present.has(line),
  )
  if (missing.length === 0) return []
  const head = before && !before.endsWith('\n') ? `${before}\n` : (before ?? '')
  const content = `${head}${missing.join('\n')}\n`
  return [{ file, action: before === undefined ? 'create' : 'edit', what, content }]
}
