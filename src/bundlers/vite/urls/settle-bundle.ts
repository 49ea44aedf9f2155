import path from 'node:path'
import type { ResolvedConfig } from 'vite'
import type { LateAssets, OutputNaming, RenderContext } from '../../assets/late-assets.ts'

/** A bundle that is about to be written, as far as it matters here. */
type WrittenBundle = Record<
  string,
  | { readonly type: 'chunk'; readonly fileName: string; code: string }
  | { readonly type: 'asset'; readonly fileName: string; source: string | Uint8Array }
>

interface WrittenOutput {
  readonly context: RenderContext
  readonly output: OutputNaming
  readonly bundle: WrittenBundle
  readonly config: ResolvedConfig
}

/** Texts of an output that name pictures. */
const TEXT = /\.(?:css|html?)$/

/** Emits the pictures that style sheets and pages name, and puts their URLs into them. */
export async function settleBundle(
  assets: LateAssets,
  { context, output, bundle, config }: WrittenOutput,
): Promise<void> {
  const fixedNames = Object.keys(bundle)
  for (const file of Object.values(bundle)) {
    const { fileName: host } = file
    const text = textOf(file)
    if (text === undefined) continue
    const settled = await assets.settle(context, text, {
      output,
      fixedNames,
      urlOf: fileName => publicUrl(fileName, host, config),
    })
    if (settled === undefined) continue
    if (file.type === 'chunk') file.code = settled
    else file.source = settled
  }
}

function textOf(file: WrittenBundle[string]): string | undefined {
  if (file.type === 'chunk') return file.code
  if (!TEXT.test(file.fileName)) return undefined
  return typeof file.source === 'string' ? file.source : Buffer.from(file.source).toString()
}

/** The URL of a file in another one, by the rules of Vite for the assets of style sheets and pages. */
export function publicUrl(fileName: string, host: string, config: ResolvedConfig): string {
  const { base, experimental, build } = config
  const isStyle = !/\.html?$/.test(host)
  const given = experimental.renderBuiltUrl?.(fileName, {
    type: 'asset',
    hostId: host,
    hostType: isStyle ? 'css' : 'html',
    ssr: Boolean(build.ssr),
  })
  if (typeof given === 'string') return given
  const isRelative = given?.relative ?? (base === '' || base === './')
  if (!isRelative) return base + encodeURI(fileName)
  const relative = path.posix.relative(path.posix.dirname(host), fileName)
  return encodeURI(relative.startsWith('.') ? relative : `./${relative}`)
}
