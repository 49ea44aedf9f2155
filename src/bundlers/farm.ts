import type { UnpluginOptions } from 'unplugin'
import { hashedAssetName } from './asset-name.ts'
import { loadManifest } from './load-manifest.ts'
import { FOREIGN_QUERY, MANIFEST_ID, stripQuery } from './manifest-id.ts'
import { namesIn } from './names-in.ts'
import type { Session } from './session.ts'

/** Farm's hooks: it neither names nor drops what is emitted, so that both are done here. */
export function farmHooks(session: Session): Partial<UnpluginOptions> {
  let publicPath = '/'
  const droppable = new Set<string>()
  return {
    buildStart() {
      session.begin()
    },
    load: {
      filter: { id: MANIFEST_ID },
      async handler(id) {
        const file = stripQuery(id)
        if (FOREIGN_QUERY.test(id) || !(await session.selects(file))) return null
        const native = this.getNativeBuildContext?.()
        if (native?.framework !== 'farm') return null
        return loadManifest(session, file, {
          addWatchFile: watched => this.addWatchFile(watched),
          warn: message => this.warn(message),
          async urlOf(asset, read) {
            const name = asset.fixedName ?? hashedAssetName(asset)
            if (!asset.fixedName) droppable.add(name)
            native.context.emitFile({
              resolvedPath: asset.path,
              name,
              content: [...(await read())],
              resourceType: 'asset',
            })
            return JSON.stringify(publicPath + name)
          },
        })
      },
    },
    buildEnd: () => session.end(),
    farm: {
      // With its persistent cache on, Farm 1.7 loses what plugins emit, on cold builds as well.
      config: () => ({ compilation: { persistentCache: false } }),
      configResolved({ root, compilation }) {
        if (root) session.setRoot(root)
        publicPath = compilation?.output?.publicPath ?? publicPath
      },
      finalizeResources: {
        executor({ resourcesMap }) {
          const emitted = new Set([...droppable].filter(name => name in resourcesMap))
          const others = Object.values(resourcesMap).filter(({ name }) => !emitted.has(name))
          const contents = others.map(({ bytes }) => Buffer.from(bytes))
          const named = namesIn(contents, emitted)
          for (const name of emitted) if (!named.has(name)) delete resourcesMap[name]
          return resourcesMap
        },
      },
    },
  }
}
