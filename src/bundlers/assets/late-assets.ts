import type { AssetFile } from '../../module/image-template.ts'
import { assetPattern, hashedAssetName, plainAssetName } from './asset-name.ts'
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

/** A hook that renders a chunk. */
export interface RenderContext {
  emitFile(asset: { type: 'asset'; name: string; fileName: string; source: Uint8Array }): string
}

/**
 * Files that are emitted when a chunk that refers to them is rendered. What no code uses never comes
 * into the output, so nothing has to be taken out of it again. They get names of their own: Rollup
 * gives files of the same bytes one name, which one depends on the modules that a build happens to have.
 */
export interface LateAssets {
  /** An output begins. A host that watches may have the same options for each. */
  begin(output: OutputNaming): void
  /** The JavaScript expression that stands for a file's URL until its chunk is rendered. */
  expressionOf(file: AssetFile): string
  /**
   * Emits the files of a rendered chunk, each once an output, and puts Vite's tokens for them into its
   * code, which Vite turns into URLs. Undefined when the chunk has none.
   */
  emitReferenced(
    context: RenderContext,
    code: string,
    output: OutputNaming,
  ): Promise<string | undefined>
}

const TOKEN = /__IMAGEGEN_ASSET_([\w-]+\.[a-z]+)__/g

export function createLateAssets(): LateAssets {
  /** By the names in their tokens, which tell the content. Never emptied: a host may keep our code. */
  const files = new Map<string, AssetFile>()
  /** References of the files that an output has already, by file name. */
  const outputs = new WeakMap<OutputNaming, Map<string, string>>()

  function referencesOf(output: OutputNaming): Map<string, string> {
    const references = outputs.get(output) ?? new Map<string, string>()
    outputs.set(output, references)
    return references
  }

  return {
    begin(output) {
      outputs.delete(output)
    },

    expressionOf(file) {
      const id = hashedAssetName(file)
      files.set(id, file)
      // Vite's own tokens are found in double quotes only.
      return `"__IMAGEGEN_ASSET_${id}__"`
    },

    async emitReferenced(context, code, output) {
      const ids = new Set([...code.matchAll(TOKEN)].map(([, id = '']) => id))
      const referenced = new Map([...ids].flatMap(id => entryOf(files, id)))
      if (referenced.size === 0) return undefined
      const read = createReadAhead([...referenced.values()])
      const references = referencesOf(output)
      const tokens = new Map<string, string>()
      for (const [id, file] of referenced) {
        const source = await read(file)
        const fileName = fileNameOf(file, source, output)
        const reference =
          references.get(fileName) ??
          context.emitFile({ type: 'asset', name: plainAssetName(file), fileName, source })
        references.set(fileName, reference)
        tokens.set(id, assetToken(reference))
      }
      return code.replace(TOKEN, (token, id: string) => tokens.get(id) ?? token)
    },
  }
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
