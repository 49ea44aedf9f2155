import type { Manifest } from '../../manifest/manifest.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import type { AutoGeneration } from '../generating/auto-generation.ts'
import type { BudgetWait } from '../generating/budget-wait.ts'
import type { Generations } from '../generating/generations.ts'
import type { DevEvent, DevManifest } from '../images/dev-manifest.ts'

/** One manifest that somebody asked the server for. */
export interface ManifestEntry {
  readonly file: string
  /** A page imports it. */
  wanted: boolean
  /** A page shows its pictures: what only a decode tells of them is found out. */
  shown: boolean
  /** It is, for those of {@link manifest}. */
  decoded: boolean
  /** As it was when it last had no faults. */
  manifest: DevManifest | undefined
  types: KeptTypes | undefined
  fault: Error | undefined
  /** Set while the file is gone. That is no fault: whatever imported it may be gone too. */
  absence: Error | undefined
  timers: readonly ReturnType<typeof setTimeout>[]
  /** Reads the file again, now. */
  readonly refresh: () => Promise<void>
}

/** What types were last made of, and the files that they are in. */
export interface KeptTypes {
  readonly manifest: Manifest
  /** Digests of its pictures. */
  readonly pictures: string
  /** The files' identities. */
  readonly files: string
}

/** What the functions of a development server share. */
export interface DevState {
  readonly pipeline: InternalPipeline
  readonly generations: Generations
  readonly autoGeneration: AutoGeneration
  readonly budgetWait: BudgetWait
  /** By absolute path. */
  readonly entries: Map<string, ManifestEntry>
  readonly listeners: Set<(event: DevEvent) => void>
  readonly warned: Set<string>
  /** Rises with every change of what pages show. */
  version: number
  closed: boolean
}

export function emit({ listeners }: DevState, event: DevEvent): void {
  for (const listener of listeners) listener(event)
}

export function warn(state: DevState, message: string): void {
  emit(state, { type: 'warning', message })
}

export function warnOnce(state: DevState, message: string): void {
  if (state.warned.has(message)) return
  state.warned.add(message)
  warn(state, message)
}

/** For work that goes on in the background. */
export function warnOf(state: DevState, error: unknown): void {
  warn(state, error instanceof Error ? error.message : String(error))
}

/** The manifests whose file is there. */
export function presentManifests({ entries }: DevState): readonly DevManifest[] {
  return [...entries.values()].flatMap(({ manifest, absence }) =>
    manifest && !absence ? [manifest] : [],
  )
}

/** The manifests that pages import, without those that have faults. */
export function wantedManifests({ entries }: DevState): readonly DevManifest[] {
  return [...entries.values()].flatMap(({ wanted, fault, absence, manifest }) =>
    wanted && !fault && !absence && manifest ? [manifest] : [],
  )
}
