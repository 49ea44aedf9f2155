import type { ResolvedConfig, ViteDevServer } from 'vite'

/** As much of a hook's `this` as tells where it runs. Vite 5 knows no environments. */
export interface HookPlace {
  readonly environment?: { getTopLevelConfig(): ResolvedConfig }
}

/** The configurations that one plugin instance serves at present. */
export interface ViteConfigs {
  add(config: ResolvedConfig): void
  /** The configuration of the hook that is called. */
  of(place: HookPlace): ResolvedConfig | undefined
  /** The same for the last hook of a server, which is not served any more. */
  end(place: HookPlace): ResolvedConfig | undefined
}

/** In Vite 5 hooks tell nothing: the newest one is served, and a restart ends the oldest one. */
export function createViteConfigs(): ViteConfigs {
  const served: ResolvedConfig[] = []
  return {
    add: config => void served.push(config),
    of: ({ environment }) => environment?.getTopLevelConfig() ?? served.at(-1),
    end({ environment }) {
      const ended =
        environment?.getTopLevelConfig() ?? served.find(({ command }) => command === 'serve')
      const index = ended ? served.indexOf(ended) : -1
      if (index >= 0) served.splice(index, 1)
      return ended
    },
  }
}

/**
 * Whether a server bundles its pages (`experimental.bundledDev` of Vite 8): then `buildStart` and
 * `buildEnd` come with each of its bundles, and only `closeBundle` is the end of it.
 */
export function isBundledServer(config: ResolvedConfig | undefined): config is ResolvedConfig {
  return config?.command === 'serve' && config.experimental.bundledDev === true
}

/** One module where a server has it. */
export interface ServedModule {
  /** It is made anew when it is asked for again. */
  invalidate(): void
  /** Tells pages to load it again. */
  reload(): Promise<void>
}

/** Everywhere a server has a module: in each of its environments, or in the one graph of Vite 5. */
export function servedModules(server: ViteDevServer, id: string): readonly ServedModule[] {
  const { environments }: { readonly environments?: ViteDevServer['environments'] } = server
  if (!environments) {
    const { moduleGraph } = server
    const node = moduleGraph.getModuleById(id)
    if (!node) return []
    return [
      {
        invalidate: () => moduleGraph.invalidateModule(node),
        reload: () => server.reloadModule(node),
      },
    ]
  }
  return Object.values(environments).flatMap(environment => {
    const node = environment.moduleGraph.getModuleById(id)
    if (!node) return []
    return {
      invalidate: () => environment.moduleGraph.invalidateModule(node),
      reload: () => environment.reloadModule(node),
    }
  })
}

const CHECKS: ReadonlySet<string> = new Set(['corsMiddleware', 'viteHostCheckMiddleware'])

/**
 * Vite 5 and 6 put the middlewares of plugins before their own, which give other origins leave to
 * read and refuse unknown host names; later versions put them behind. Call it once all are there.
 */
export function moveBehindChecks(
  { middlewares: { stack } }: ViteDevServer,
  isOurs: (handle: unknown) => boolean,
): void {
  const last = stack.findLastIndex(
    ({ handle }) => typeof handle === 'function' && CHECKS.has(handle.name),
  )
  const early = stack.slice(0, last + 1).filter(({ handle }) => isOurs(handle))
  const others = stack.filter(layer => !early.includes(layer))
  const behind = last + 1 - early.length
  stack.splice(0, stack.length, ...others.slice(0, behind), ...early, ...others.slice(behind))
}
