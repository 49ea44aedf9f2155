import type { ErrorPayload } from 'vite'
import type { DevEvent, DevImage, DevManifest } from '../../../dev/images/dev-manifest.ts'
import { assetOf } from '../../../dev/images/live-image.ts'
import { imageKey } from '../../../manifest/image-id.ts'
import type { ImageAsset } from '../../../module/image-asset.ts'
import { toSlashes } from '../../../system/project-path.ts'
import { toModuleId } from '../../manifests/manifest-id.ts'
import { toRollupError } from '../../rollup-error.ts'
import { type ServedModule, servedModules } from '../vite-modules.ts'
import { type DevServer, prefixed } from './dev-server.ts'

/** The asset that pages get of an image as it stands, whose files are served from now on. */
export function toAsset({ files, given }: DevServer, { live, planned }: DevImage): ImageAsset {
  const asset = assetOf(live, (file, fixedName) => files.add(file, fixedName))
  given.add(imageKey(planned.id), asset)
  return asset
}

/** Brings modules, pages and the log up to date. */
export function followEvent(dev: DevServer, event: DevEvent): void {
  const { logger } = dev.config
  const speaks = dev.shared?.isFirst() ?? true
  switch (event.type) {
    case 'shown':
      for (const module of modulesOf(dev, event.manifest)) module.invalidate()
      sendUpdates(dev, event.images)
      renewUsers(dev, event.images)
      dev.stamps.renew(event.manifest.file)
      return
    case 'reshaped':
      for (const module of modulesOf(dev, event.manifest)) reload(dev, module)
      renewUsers(dev, event.manifest.images)
      return
    case 'fault':
      if (speaks) logger.error(prefixed(event.error.message))
      dev.clients?.send(errorPayload(event.error, event.file))
      return
    case 'mended':
      dev.server?.ws.send('imagegen:mended', {})
      return
    case 'warning':
      if (speaks) logger.warn(prefixed(event.message))
      return
    case 'removed':
    case 'status':
      return
  }
}

/**
 * A page says which versions its code knows: tells it what it missed. A page that a server rendered
 * may be older than its code, and may have no code of an image, so it hears of earlier assets as well.
 */
export function greetPage(
  dev: DevServer,
  versions: unknown,
  send: (event: string, data: object) => void,
): void {
  const known = new Map(Object.entries(versions ?? {}))
  const news = (dev.images?.manifests() ?? [])
    .flatMap(manifest => manifest.images)
    .map(image => toUpdate(dev, image))
    .filter(
      ({ id, version, former }) =>
        former.length > 0 || (known.has(id) && known.get(id) !== version),
    )
  if (news.length > 0) send('imagegen:update', { images: news })
}

/** A fault as Vite's overlay shows it. */
export function errorPayload(error: Error, file: string): ErrorPayload {
  const { message, id, loc, frame } = toRollupError(error, file)
  return {
    type: 'error',
    err: {
      message,
      stack: '',
      id,
      plugin: 'unplugin-imagegen',
      ...(frame !== undefined && { frame }),
      // An overlay shows and opens it as it is, while Rollup counts columns from 0.
      ...(loc && { loc: { ...loc, column: loc.column + 1 } }),
    },
  }
}

function sendUpdates(dev: DevServer, images: readonly DevImage[]): void {
  dev.server?.ws.send('imagegen:update', { images: images.map(image => toUpdate(dev, image)) })
}

function toUpdate(dev: DevServer, image: DevImage) {
  const { planned, version } = image
  const id = imageKey(planned.id)
  const asset = toAsset(dev, image)
  return { id, version, asset, former: dev.given.before(id, asset) }
}

/** Makes the modules anew that name images by URL. */
function renewUsers(dev: DevServer, images: readonly DevImage[]): void {
  const { server, users } = dev
  const known = images.flatMap(({ planned }) => users.of(planned.id))
  for (const { id, isSwapped } of new Map(known.map(user => [user.id, user])).values()) {
    for (const module of server ? servedModules(server, id) : []) {
      if (isSwapped) module.invalidate()
      else reload(dev, module)
    }
  }
}

function reload({ config: { logger } }: DevServer, module: ServedModule): void {
  module.reload().catch((error: Error) => logger.error(prefixed(error.message)))
}

function modulesOf({ server }: DevServer, { file }: DevManifest): readonly ServedModule[] {
  return server ? servedModules(server, toModuleId(toSlashes(file))) : []
}
