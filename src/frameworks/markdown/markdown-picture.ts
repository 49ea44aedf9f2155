import { toExportName } from '../../manifest/export-name.ts'

/** An image of a manifest that Markdown shows: `./site.image.yaml?image=hero`. */
export interface MarkdownPicture {
  /** The manifest, as an import names it. */
  readonly manifest: string
  /** Absent where the manifest has a single image. */
  readonly image?: string
}

const PICTURE_URL = /^([^?#:]+\.image\.ya?ml)(?:\?image=([^&?#]+))?$/

/**
 * Reads the URL of a Markdown picture. Pure.
 * @returns undefined for everything but an image of a manifest; a URL with `format` or `width` names
 * one file of it, which is no `<picture>`
 */
export function parseMarkdownPicture(url: string): MarkdownPicture | undefined {
  const [, encoded, name] = PICTURE_URL.exec(url) ?? []
  if (encoded === undefined) return undefined
  const file = decodeURIComponent(encoded)
  const manifest = /^[./@~#]/.test(file) ? file : `./${file}`
  return { manifest, ...(name !== undefined && { image: decodeURIComponent(name) }) }
}

/** Imports of the pictures of one document, each once. */
export interface PictureImports {
  add(picture: MarkdownPicture): PictureReference
  /** Statements, in the order in which they were needed. */
  statements(): readonly PictureImport[]
}

/** Where the code of a document finds an image. */
export interface PictureReference {
  /** The name of an import. */
  readonly local: string
  /** The import's member, where the image's name is no JavaScript name. */
  readonly member?: string
}

/** An import statement, in parts. */
export interface PictureImport {
  readonly source: string
  /** The export's name and the local one; absent where the import only checks the URL. */
  readonly binding?: { readonly imported: string; readonly local: string }
}

/** Where the local names of a document begin with this, no name of its own is likely to. */
const LOCAL = 'imagegenPicture'

export function createPictureImports(): PictureImports {
  const imports = new Map<string, PictureImport>()

  function localOf(source: string, imported: string): string {
    const key = `${imported} ${source}`
    const known = imports.get(key)?.binding
    const local = known?.local ?? `${LOCAL}${imports.size}`
    imports.set(key, { source, binding: { imported, local } })
    return local
  }

  return {
    add({ manifest, image }) {
      if (image === undefined) return { local: localOf(manifest, 'default') }
      // Hosts check it against the manifest, and say what is meant where a name is wrong.
      const checked = `${manifest}?image=${encodeURIComponent(image)}`
      imports.set(checked, { source: checked })
      const name = toExportName(image)
      if (name !== undefined) return { local: localOf(manifest, name) }
      return { local: localOf(manifest, 'default'), member: image }
    },
    statements: () => [...imports.values()],
  }
}

/** The statement as code. */
export function renderPictureImport({ source, binding }: PictureImport): string {
  const from = JSON.stringify(source)
  if (!binding) return `import ${from}`
  const { imported, local } = binding
  return `import { ${imported} as ${local} } from ${from}`
}

/** The image as a JavaScript expression. */
export function renderPictureReference({ local, member }: PictureReference): string {
  return member === undefined ? local : `${local}[${JSON.stringify(member)}]`
}
