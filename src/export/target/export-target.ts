import path from 'node:path'
import { ExportTargetError } from '../../errors/export-target-error.ts'
import type { ExportOptions } from './export-options.ts'

/** The languages of the file that lists the exported images. */
export type CatalogForm = 'typescript' | 'javascript' | 'json'

/** Where an export goes, as far as its options tell. */
export interface ExportTarget {
  /** Absolute path of the project. */
  readonly root: string
  /** Absolute path of the folder for pictures. */
  readonly folder: string
  /** Ends with a slash, or is empty. */
  readonly publicPath: string
  /** The file that lists the images; its path is absolute. */
  readonly catalog: { readonly file: string; readonly form: CatalogForm } | undefined
  readonly html: boolean
}

const FORMS: Readonly<Record<string, CatalogForm>> = {
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.js': 'javascript',
  '.mjs': 'javascript',
}

/**
 * Checks the words of an export's options. Reads nothing.
 * @throws ExportTargetError
 */
export function resolveExportTarget(
  { out, publicPath, module, data, html = false }: ExportOptions,
  root: string,
): ExportTarget {
  if (module !== undefined && data !== undefined) {
    throw new ExportTargetError(
      'An export writes a module or a data file, not both. Leave one of them out.',
    )
  }
  const catalog = catalogOf(module, data)
  if (publicPath === undefined && (catalog || html)) {
    throw new ExportTargetError(
      'The public path is missing: how do pages name the folder of the pictures? Give it, such as --public-path /img/.',
    )
  }
  return {
    root,
    folder: path.resolve(root, out),
    publicPath: resolvePublicPath(publicPath ?? ''),
    catalog: catalog && { ...catalog, file: path.resolve(root, catalog.file) },
    html,
  }
}

function catalogOf(module: string | undefined, data: string | undefined): ExportTarget['catalog'] {
  if (data !== undefined) {
    if (path.extname(data).toLowerCase() === '.json') return { file: data, form: 'json' }
    throw new ExportTargetError(
      `The data file ${JSON.stringify(data)} must end with .json. For a module, use --module.`,
    )
  }
  if (module === undefined) return undefined
  const form = FORMS[path.extname(module).toLowerCase()]
  if (form && !/\.d\.m?ts$/i.test(module)) return { file: module, form }
  const hint = /\.json$/i.test(module) ? 'For JSON, use --data.' : 'Name it like src/images.ts.'
  throw new ExportTargetError(
    `The module ${JSON.stringify(module)} must end with .ts, .mts, .js or .mjs. ${hint}`,
  )
}

/** It stands in `srcset`, where white space and commas separate URLs. */
function resolvePublicPath(given: string): string {
  const fault = /[\s,"'<>\\`?#]|\p{Cc}/u.exec(given)?.[0]
  if (fault !== undefined) {
    throw new ExportTargetError(
      `The public path ${JSON.stringify(given)} has a character that the URL of a folder cannot have: ${JSON.stringify(fault)}. Write it like /img/ or https://cdn.example.com/img/.`,
    )
  }
  return given === '' || given.endsWith('/') ? given : `${given}/`
}
