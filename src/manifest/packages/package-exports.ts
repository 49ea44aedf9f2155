import { isRecord } from '../../system/is-record.ts'

/** The conditions of `exports` under which manifests are found. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'default'])

/**
 * The target of a package's export, by Node's algorithm. Pure.
 * @param exports of its `package.json`; undefined: every file is exported
 * @param subpath `./logo.image.yaml`
 * @returns the path below the package's folder, `./images/logo.image.yaml`; undefined when nothing
 * is exported under that name
 */
export function resolveExport(exports: unknown, subpath: string): string | undefined {
  if (exports === undefined || exports === null) return subpath
  const subpaths = subpathsOf(exports)
  if (!subpath.includes('*') && Object.hasOwn(subpaths, subpath)) {
    return resolveTarget(subpaths[subpath], '') ?? undefined
  }
  const [best] = Object.keys(subpaths)
    .flatMap(key => matchPattern(key, subpath))
    .sort((a, b) => b.prefix.length - a.prefix.length || b.key.length - a.key.length)
  return best && (resolveTarget(subpaths[best.key], best.star) ?? undefined)
}

export interface FoundExport {
  /** `./logo.image.yaml` */
  readonly subpath: string
  /** `exports` speaks of YAML files, and does not just give out whole folders. */
  readonly isNamed: boolean
}

/** Under which name a package exports a file: {@link resolveExport} the other way round. Pure. */
export function findExport(exports: unknown, target: string): FoundExport | undefined {
  if (exports === undefined || exports === null) return { subpath: target, isNamed: false }
  for (const [key, value] of Object.entries(subpathsOf(exports))) {
    for (const written of targetsOf(value)) {
      const star = written === target ? '' : matchPattern(written, target)[0]?.star
      if (star === undefined) continue
      const subpath = key.replace('*', () => star)
      if (resolveExport(exports, subpath) === target) {
        return { subpath, isNamed: isYaml(written) || isYaml(key) }
      }
    }
  }
  return undefined
}

/** Where the exports of a package lie, patterns among them: `./images/*.image.yaml`. */
export function targetPatterns(exports: unknown): readonly string[] {
  return Object.values(subpathsOf(exports)).flatMap(targetsOf)
}

/** The names under which a package exports something, without patterns. */
export function exportNames(exports: unknown): readonly string[] {
  const names = Object.keys(subpathsOf(exports))
  return names.filter(name => resolveExport(exports, name) !== undefined)
}

/** `exports` without subpaths is that of the package itself, which is no manifest. */
function subpathsOf(exports: unknown): Readonly<Record<string, unknown>> {
  const keys = isRecord(exports) ? Object.keys(exports) : []
  return isRecord(exports) && keys.every(key => key.startsWith('.')) ? exports : {}
}

interface PatternMatch {
  readonly key: string
  readonly prefix: string
  readonly star: string
}

function matchPattern(key: string, subpath: string): readonly PatternMatch[] {
  const [prefix = '', suffix, ...more] = key.split('*')
  if (suffix === undefined || more.length > 0) return []
  if (subpath.length < key.length || !subpath.startsWith(prefix) || !subpath.endsWith(suffix)) {
    return []
  }
  return [{ key, prefix, star: subpath.slice(prefix.length, subpath.length - suffix.length) }]
}

/** Null forbids an export, and undefined goes on with the next condition. */
function resolveTarget(target: unknown, star: string): string | null | undefined {
  if (typeof target === 'string') {
    const path = target.replaceAll('*', () => star)
    const isSafe = path.startsWith('./') && !path.slice(2).split('/').some(isForbidden)
    return isSafe ? path : undefined
  }
  if (Array.isArray(target)) {
    for (const item of target) {
      const resolved = resolveTarget(item, star)
      if (resolved) return resolved
    }
    return undefined
  }
  if (!isRecord(target)) return target === null ? null : undefined
  for (const [condition, inner] of Object.entries(target)) {
    if (!CONDITIONS.has(condition)) continue
    const resolved = resolveTarget(inner, star)
    if (resolved !== undefined) return resolved
  }
  return undefined
}

function isForbidden(segment: string): boolean {
  return ['', '.', '..', 'node_modules'].includes(withoutEscapes(segment).toLowerCase())
}

function withoutEscapes(text: string): string {
  return text.replace(/%2e/gi, '.')
}

function targetsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return isRecord(value) || Array.isArray(value) ? Object.values(value).flatMap(targetsOf) : []
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path)
}
