import path from 'node:path'
import { CONFIG_NAMES } from '../../config/config-names.ts'
import { createDevImages, type DevImages } from '../../dev/dev-images.ts'
import { createCoalesced } from '../../dev/images/coalesced.ts'
import type { DevEvent } from '../../dev/images/dev-manifest.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { type ExportContext, openExport } from '../export-images.ts'
import { writeExport } from '../files/write-export.ts'
import { planExport } from '../plan/plan-export.ts'
import type { ExportOptions, ExportReport } from '../target/export-options.ts'
import type { ExportTarget } from '../target/export-target.ts'
import { followFolders } from './follow-folders.ts'
import { countWaiting, templateOfShown } from './shown-template.ts'

export interface WatchedExport extends ExportReport {
  /** How many images are drafts, or show an earlier picture, until theirs comes. */
  readonly waiting: number
}

export interface WatchExportContext extends ExportContext {
  /** Ends it. */
  readonly signal: AbortSignal
  warn(message: string): void
  /** Files were written. */
  onExport(report: WatchedExport): void
  /** Something is wrong, so that the files stay as they are. */
  onFault(error: Error): void
}

interface Watching {
  readonly pipeline: InternalPipeline
  readonly target: ExportTarget
  readonly context: WatchExportContext
  readonly images: DevImages
  /** The manifests that are exported and were read, by absolute path. */
  readonly files: Set<string>
  readonly warned: Set<string>
  /** Exports once more. */
  readonly write: () => Promise<void>
  /** The last export that was begun. */
  writing: Promise<void>
}

/**
 * Exports what is there at once, with drafts for what is missing, and again whenever a picture comes
 * or a manifest changes, until the signal ends it. Generates as a development server does.
 * @throws ExportTargetError
 */
export async function watchExport(
  pipeline: InternalPipeline,
  options: ExportOptions,
  context: WatchExportContext,
): Promise<void> {
  const { target, manifests } = await openExport(pipeline, options)
  const images = createDevImages(pipeline)
  const watching: Watching = {
    pipeline,
    target,
    context,
    images,
    files: new Set(),
    warned: new Set(),
    write: createCoalesced(() => writeShown(watching).catch(tellFault(context))),
    writing: Promise.resolve(),
  }
  images.on(event => follow(watching, event))
  const folders = await followFolders({
    root: target.root,
    exclude: pipeline.options.exclude,
    skip: target.folder,
    onChange(file) {
      if (isConfiguration(file, target.root)) warnOnce(watching, describeNewConfiguration(file))
      images.changed(file)
    },
    onNames: () => {
      findChangedNames(watching, options.manifests !== undefined).catch(tellFault(context))
    },
    onError: error => warnOnce(watching, `Some changes may not be seen: ${error.message}`),
  })
  try {
    await openManifests(watching, manifests)
    folders.add(images.manifests().flatMap(({ watchFiles }) => watchFiles))
    writeSoon(watching)
    await untilAborted(context.signal)
    // What was begun comes to a clean end.
    await watching.writing
  } finally {
    folders.close()
    images.close()
  }
}

/** Options hold from the beginning to the end of an export. */
function isConfiguration(file: string, root: string): boolean {
  return path.dirname(file) === root && CONFIG_NAMES.includes(path.basename(file))
}

function describeNewConfiguration(file: string): string {
  return `${path.basename(file)} changed. This export goes on with the options that it started with: press Ctrl-C, and start it again.`
}

function follow(watching: Watching, event: DevEvent): void {
  switch (event.type) {
    case 'shown':
    case 'reshaped':
    case 'removed':
    case 'mended':
      if (watching.files.size > 0) writeSoon(watching)
      break
    case 'fault':
      watching.context.onFault(event.error)
      break
    case 'warning':
      warnOnce(watching, event.message)
      break
    case 'status':
  }
}

function writeSoon(watching: Watching): void {
  if (!watching.context.signal.aborted) watching.writing = watching.write()
}

/** A manifest with faults tells them as an event, and is read again when it changes. */
async function openManifests(
  { images, files }: Watching,
  manifests: readonly string[],
): Promise<void> {
  const names = manifests.map(file => path.normalize(file))
  await Promise.allSettled(names.map(file => images.open(file)))
  for (const file of names) files.add(file)
}

/** Manifests came, or came back. */
async function findChangedNames(watching: Watching, isGiven: boolean): Promise<void> {
  const { pipeline, files, images } = watching
  const found = isGiven ? [] : (await pipeline.discover()).map(file => path.normalize(file))
  const present = new Set(images.manifests().map(({ file }) => file))
  const added = [...new Set([...found, ...files])].filter(file => !present.has(file))
  if (added.length === 0) return
  await openManifests(watching, added)
  const isNews = images.manifests().some(({ file }) => !present.has(file))
  if (isNews) writeSoon(watching)
}

async function writeShown(watching: Watching): Promise<void> {
  const { pipeline, target, context, images, files } = watching
  const shown = images
    .manifests()
    .filter(({ file }) => files.has(file))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
  const known = new Set(shown.map(({ file }) => file))
  // One that was never without faults is no longer in the list of images, which code relies on.
  if ([...images.faults().keys()].some(file => files.has(file) && !known.has(file))) return
  const warn = (message: string): void => warnOnce(watching, message)
  const templates = await Promise.all(
    shown.map(manifest => templateOfShown(manifest, pipeline, warn)),
  )
  const plan = planExport(templates, target)
  for (const warning of plan.warnings) warn(warning)
  const { cacheDir } = pipeline.options
  const written = await writeExport(plan, target, { ...context, warn, cacheDir })
  const waiting = countWaiting(shown)
  context.onExport({ images: plan.images, ...written, warnings: [], waiting })
}

function warnOnce({ warned, context }: Watching, message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  context.warn(message)
}

/** A failure that its end caused is no news. */
function tellFault({ onFault, signal }: WatchExportContext): (thrown: unknown) => void {
  return thrown => {
    if (!signal.aborted) onFault(thrown instanceof Error ? thrown : new Error(String(thrown)))
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
