import { hashedAssetName, plainAssetName } from '../../module/asset-name.ts'
import type { AssetFile, FileOrigin } from '../../module/image-template.ts'
import { assetPattern } from './asset-pattern.ts'
import { createReadAhead } from './read-ahead.ts'

/** What Vite's output options say of the names of assets, whichever bundler is below it. */
export interface OutputNaming {
  readonly assetFileNames: string | ((asset: NamedAsset) => string)
  readonly hashCharacters?: 'base64' | 'base36' | 'hex'
}

/** A function among the output options gets this of an asset. */
interface NamedAsset {
  readonly type: 'asset'
  readonly name: string
  readonly names: string[]
  readonly originalFileNames: string[]
  readonly source: Uint8Array
}

/** A file in an output. */
interface EmittedFile {
  readonly fileName: string
  /** The host's. */
  readonly reference: string
}

/** A hook that renders a chunk, or writes an output. */
export interface RenderContext {
  emitFile(asset: {
    type: 'asset'
    name?: string
    originalFileName?: string
    fileName: string
    source: Uint8Array | string
  }): string
}

/**
 * Files that are emitted when a chunk that refers to them is rendered. What no code uses never comes
 * into the output, so nothing has to be taken out of it again. They get names of their own: Rollup
 * gives files of the same bytes one name, which one depends on the modules that a build happens to have.
 */
export interface LateAssets {
  /** An output begins. A host that watches may have the same options for each. */
  begin(output: OutputNaming): void
  /** Names of the files that an output refers to so far. */
  namesIn(output: OutputNaming): readonly string[]
  /** Names of the files that were emitted for an output. */
  emittedIn(output: OutputNaming): readonly string[]
  /** The JavaScript expression that stands for a file's URL until its chunk is rendered. */
  expressionOf(file: AssetFile): string
  /** The URL that stands for a file's in style sheets and pages, which no tool touches: it is absolute. */
  urlOf(file: AssetFile): string
  /**
   * Emits the files of a rendered chunk, each once an output, and puts Vite's tokens for them into its
   * code, which Vite turns into URLs. Undefined when the chunk has none.
   */
  emitReferenced(
    context: RenderContext,
    code: string,
    output: OutputNaming,
  ): Promise<string | undefined>
  /**
   * Emits the files that a written text refers to, each once an output, and puts their URLs into it.
   * @param urlOf gives the URL of a file by its name in the output
   * @returns undefined when the text has none
   */
  settle(
    context: RenderContext,
    text: string,
    { output, fixedNames, urlOf }: SettledText,
  ): Promise<string | undefined>
}

export interface SettledText {
  readonly output: OutputNaming
  /** Names that the output has already. */
  readonly fixedNames: Iterable<string>
  urlOf(fileName: string): string
}

/** No such host can exist. */
const ORIGIN = 'https://imagegen.invalid/'

const TOKEN = /(?:__IMAGEGEN_ASSET_|https:\/\/imagegen\.invalid\/)([\w-]+\.[a-z]+)(?:__)?/g

/** @param originalName tells what a file is of: a backend finds it by that in Vite's manifest */
export function createLateAssets(
  originalName: (origin: FileOrigin) => Promise<string>,
): LateAssets {
  /** By the names in their tokens, which tell the content. Never emptied: a host may keep our code. */
  const files = new Map<string, AssetFile>()
  /** References of the files that an output has already, by file name. */
  const outputs = new WeakMap<OutputNaming, Map<string, string>>()

  function referencesOf(output: OutputNaming): Map<string, string> {
    const references = outputs.get(output) ?? new Map<string, string>()
    outputs.set(output, references)
    return references
  }

  async function emit(
    context: RenderContext,
    text: string,
    output: OutputNaming,
  ): Promise<ReadonlyMap<string, EmittedFile>> {
    const ids = new Set([...text.matchAll(TOKEN)].map(([, id = '']) => id))
    const referenced = new Map([...ids].flatMap(id => entryOf(files, id)))
    const read = createReadAhead([...referenced.values()])
    const references = referencesOf(output)
    const emitted = new Map<string, EmittedFile>()
    for (const [id, file] of referenced) {
      const source = await read(file)
      const fileName = fileNameOf(file, source, output)
      const originalFileName = await originalName(file.origin)
      const name = plainAssetName(file)
      const reference =
        references.get(fileName) ??
        context.emitFile({ type: 'asset', name, originalFileName, fileName, source })
      references.set(fileName, reference)
      emitted.set(id, { fileName, reference })
    }
    return emitted
  }

  return {
    begin(output) {
      outputs.delete(output)
    },

    emittedIn: output =>
      [...referencesOf(output)].flatMap(([name, reference]) => (reference === '' ? [] : name)),

    namesIn: output => [...referencesOf(output).keys()],

    expressionOf(file) {
      const id = idOf(file)
      files.set(id, file)
      // Vite's own tokens are found in double quotes only.
      return `"__IMAGEGEN_ASSET_${id}__"`
    },

    urlOf(file) {
      const id = idOf(file)
      files.set(id, file)
      return ORIGIN + id
    },

    async emitReferenced(context, code, output) {
      const emitted = await emit(context, code, output)
      if (emitted.size === 0) return undefined
      return code.replace(TOKEN, (token, id: string) => {
        const file = emitted.get(id)
        return file ? assetToken(file.reference) : token
      })
    },

    async settle(context, text, { output, fixedNames, urlOf }) {
      if (!text.includes(ORIGIN)) return undefined
      const references = referencesOf(output)
      // Modules emit these by themselves.
      for (const name of fixedNames) if (!references.has(name)) references.set(name, '')
      const emitted = await emit(context, text, output)
      return text.replace(TOKEN, (token, id: string) => {
        const file = emitted.get(id)
        return file ? urlOf(file.fileName) : token
      })
    },
  }
}

/** A picture may have a fixed name for pages and another one for code. */
function idOf(file: AssetFile): string {
  return file.fixedName === undefined ? hashedAssetName(file) : `fixed-${hashedAssetName(file)}`
}

/** What Vite turns into an emitted asset's URL when it stands in double quotes. */
export function assetToken(reference: string): string {
  return `__VITE_ASSET__${reference}__`
}

function entryOf<Value>(map: ReadonlyMap<string, Value>, key: string): readonly [string, Value][] {
  const value = map.get(key)
  return value === undefined ? [] : [[key, value]]
}

/** Where the output options want a file. */
function fileNameOf(
  file: AssetFile,
  source: Uint8Array,
  { assetFileNames, hashCharacters }: OutputNaming,
): string {
  if (file.fixedName !== undefined) return file.fixedName
  const name = plainAssetName(file)
  const given =
    typeof assetFileNames === 'string'
      ? assetFileNames
      : assetFileNames({
          type: 'asset',
          name,
          names: [name],
          originalFileNames: [],
          source,
        })
  const hash = hashOf(file, hashCharacters)
  return assetPattern(given, file)
    .replace(/\[hash(?::(\d+))?\]/g, (_, length = '8') => hash.slice(0, Number(length)))
    .replaceAll('[extname]', `.${file.extension}`)
    .replaceAll('[ext]', file.extension)
}

function hashOf({ digest }: AssetFile, characters: OutputNaming['hashCharacters']): string {
  if (characters === 'hex') return digest
  if (characters === 'base36') return BigInt(`0x${digest}`).toString(36)
  return Buffer.from(digest, 'hex').toString('base64url')
}
