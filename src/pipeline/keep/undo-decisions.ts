import path from 'node:path'
import { setRevision } from '../../manifest/edit/edit-revision.ts'
import { rewriteManifest } from '../../manifest/edit/rewrite-manifest.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { type Decision, decisionOf } from '../../originals/store/entry/decision.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import type { Selection } from '../project/selection.ts'
import { type DecidingDeps, planOwn, problemOf, undecidable } from './deciding.ts'
import type { UndoDecisionOptions, UndoneImage, UndoReport } from './decision-report.ts'

/** Removes the entries of kept or adopted pictures of the selected images. Requests nothing. */
export async function undoDecisions(
  deps: DecidingDeps,
  selection: Selection,
  options: UndoDecisionOptions,
): Promise<UndoReport> {
  const images: UndoneImage[] = []
  for (const planned of await planOwn(selection, deps)) {
    const isWanted = selection.images || (await isDecided(planned, options, deps))
    if (isWanted) images.push(await undoImage(planned, options, deps))
  }
  return { dryRun: options.dryRun ?? false, images }
}

async function isDecided(
  { key, status }: PlannedImage,
  { kind }: UndoDecisionOptions,
  { originals }: DecidingDeps,
): Promise<boolean> {
  if (status.state !== 'ready' || key === undefined) return false
  const found = await originals.status(key)
  return found.state === 'ready' && decisionOf(found.original.entry)?.kind === kind
}

async function undoImage(
  planned: PlannedImage,
  options: UndoDecisionOptions,
  deps: DecidingDeps,
): Promise<UndoneImage> {
  const { id: image, key, request } = planned
  if (key === undefined || !request) {
    const problem = undecidable(planned) ?? `${formatImageId(image)} changed meanwhile. Run again.`
    return { image, outcome: 'failed', problem }
  }
  const { decisions } = deps.originals
  const wanted = { key, request, image }
  try {
    const found = await decisions.undo(wanted, { ...options, dryRun: true })
    const { decision, shared } = found
    if (!decision && shared !== 'removed') {
      const problem = `${formatImageId(image)} was not ${options.kind}, so there is nothing to undo.`
      return { image, key, outcome: 'failed', problem }
    }
    const revision = replacedRevision(decision)
    if (!options.dryRun) {
      // In this order: a manifest that names a revision without a picture would request one.
      if (revision !== undefined) await writeRevision(planned, revision, deps)
      await decisions.undo(wanted, options)
    }
    return {
      image,
      key,
      outcome: 'undone',
      ...(shared && { shared }),
      ...(revision !== undefined && { revision }),
    }
  } catch (error) {
    return { image, key, outcome: 'failed', problem: problemOf(error) }
  }
}

function replacedRevision(decision: Decision | undefined): number | undefined {
  return decision?.kind === 'adopted' ? decision.replaces : undefined
}

async function writeRevision(
  { id: { manifest, name } }: PlannedImage,
  revision: number,
  { options: { root }, manifest: read }: DecidingDeps,
): Promise<void> {
  const file = path.join(root, manifest)
  const { single } = await read(file)
  await rewriteManifest(file, text =>
    setRevision(text, single ? undefined : name, revision, manifest),
  )
}
