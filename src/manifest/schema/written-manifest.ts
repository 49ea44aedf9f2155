import * as v from 'valibot'
import { explainIssues } from '../../schema/explain-issue.ts'
import type { Path } from '../../schema/schema-structure.ts'
import { keysAt } from '../../schema/schema-structure.ts'
import { isRecord } from '../../system/is-record.ts'
import { valueAsWritten } from '../source/as-written.ts'
import { createFaults, type Faults, withoutQuotes } from '../source/faults.ts'
import { isManifestName } from '../source/manifest-name.ts'
import { withoutFaults } from '../source/mend.ts'
import { findMergeConflict, namingOddBlanks } from '../source/pasted-text.ts'
import { createSourceText, type SourceText } from '../source/source-text.ts'
import type { TextFile } from '../source/text-file.ts'
import { parseYaml, type YamlSource } from '../source/yaml-source.ts'
import { IMAGE_KEYS, ManifestSchema, type WrittenManifest } from './manifest-schema.ts'
import { MANIFEST } from './manifest-subject.ts'

/** The text of one manifest in the schema's types, before defaults and variables. */
export interface ParsedText {
  readonly yaml: YamlSource
  /** Without the parts that have faults. */
  readonly written: WrittenManifest
  /** Names of images that were left out. */
  readonly faulty: ReadonlySet<string>
  /** Whether 0.1.0 read some text or number differently; see {@link Reading}. */
  readonly readsDifferently: boolean
}

/**
 * `as-written`: keeps numbers among the variables as they are written, and drops blanks at line ends.
 * `earlier`: as 0.1.0 read it, which finds the pictures that it made.
 */
export type Reading = 'as-written' | 'earlier'

/**
 * @param role `base`: only the parts that other manifests take count, not the images.
 * @returns undefined when the rest, without the faults, would be misleading.
 */
export function parseText(
  { file, text }: TextFile,
  given: Faults,
  role: 'manifest' | 'base',
  reading: Reading = 'as-written',
): ParsedText | undefined {
  const source = createSourceText(file, text)
  const shown = isQuotable(source) ? given : withoutQuotes(given)
  const conflict = findMergeConflict(source)
  if (conflict) {
    shown.add(conflict)
    return undefined
  }
  const faults = namingOddBlanks(shown, source)
  const yaml = parseYaml(source, faults)
  if (!yaml) return undefined
  const value = reading === 'earlier' ? yaml.value : valueAsWritten(yaml)
  const { issues, output } = v.safeParse(ManifestSchema, value)
  const explanations = explainIssues(value, issues, MANIFEST)
  const relevant = explanations.filter(
    ({ path: [key] }) =>
      role === 'manifest' || key === undefined || BASE_KEYS.includes(String(key)),
  )
  for (const { path, part, message, hint } of relevant) {
    const span = part === 'key' ? yaml.keySpan(path) : yaml.valueSpan(path)
    faults.add(yaml.source.diagnostic(span, message, hint))
  }
  const mended = mend(
    value,
    explanations.map(({ path }) => path),
  )
  const faulty = new Set(mended ? [] : relevant.map(({ path }) => String(path[1])))
  const isMisleading = !mended && !relevant.every(({ path }) => isInImage(path))
  const sound = mended ?? output
  if (isMisleading || !isWritten(sound)) return undefined
  const { images, ...rest } = sound
  const written: WrittenManifest = images
    ? {
        ...rest,
        images: Object.fromEntries(Object.entries(images).filter(([name]) => !faulty.has(name))),
      }
    : rest
  if (role === 'manifest') checkForm(yaml, written, faults)
  return { yaml, written, faulty, readsDifferently: value !== yaml.value }
}

/** The value without its faults; undefined when there are none, or the rest is not a manifest. */
function mend(value: unknown, faults: readonly Path[]): WrittenManifest | undefined {
  const canMend = faults.every(path => path.length > 1 || (path.length === 1 && !isInImages(path)))
  if (faults.length === 0 || !canMend) return undefined
  const { success, output } = v.safeParse(ManifestSchema, withoutFaults(value, faults))
  return success ? output : undefined
}

function isInImage(path: Path): boolean {
  return isInImages(path) && path.length > 1
}

function isInImages([key]: Path): boolean {
  return key === 'images'
}

/** Whether messages may quote a file's lines: it has the name of a manifest, or only the keys of one. */
function isQuotable(source: SourceText): boolean {
  if (isManifestName(source.file)) return true
  const value = parseYaml(source, createFaults())?.value
  if (!isRecord(value)) return false
  const known = keysAt(ManifestSchema, [])
  return Object.keys(value).every(key => known.includes(key))
}

/** What other manifests take from one that they extend. */
const BASE_KEYS = ['defaults', 'vars', 'extends']

/** True once the faulty images are gone: nothing else had faults. */
function isWritten(output: unknown): output is WrittenManifest {
  return isRecord(output)
}

/** A manifest has either `images`, or one image at the root. */
function checkForm(yaml: YamlSource, written: WrittenManifest, faults: Faults): void {
  const report = (path: Path, message: string, hint: string) =>
    faults.add(yaml.source.diagnostic(yaml.keySpan(path), message, hint))
  const imageKeys = Object.keys(written).filter(key => IMAGE_KEYS.includes(key))
  if (!written.images) {
    if (written.prompt !== undefined || written.source !== undefined) return
    report(
      [],
      'This manifest has no images.',
      'Write `images:` with at least one, or `prompt:` for a single image. Rename a file that others only extend, so that it does not end in `.image.yaml`.',
    )
    return
  }
  for (const key of imageKeys) {
    report(
      [key],
      `\`${key}\` is at the root, beside \`images\`.`,
      ['prompt', 'source', 'references', 'variants', 'matrix'].includes(key)
        ? 'Move it into one of the images.'
        : 'Move it under `defaults`, or into one of the images.',
    )
  }
  if (!faults.any && Object.keys(written.images).length === 0) {
    report(
      ['images'],
      'This manifest has no images, because `images` is empty.',
      'Write at least one.',
    )
  }
}
