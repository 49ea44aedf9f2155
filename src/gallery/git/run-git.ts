import { spawn } from 'node:child_process'

/** Milliseconds that one command of git may take. */
const TIMEOUT = 30_000

export interface GitOptions {
  /** Written to its standard input. */
  readonly input?: string
  /** Bytes of output after which it is ended. @default 64 MiB */
  readonly limit?: number
}

/** Git failed, or is not installed. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

/**
 * Runs git and gives what it printed. It takes no locks, asks for nothing, and runs no pager.
 * @throws GitError with git's own words
 */
export async function runGit(
  cwd: string,
  args: readonly string[],
  { input, limit = 64 * 1024 * 1024 }: GitOptions = {},
): Promise<Buffer> {
  const child = spawn('git', ['--no-optional-locks', '--no-pager', ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: TIMEOUT,
  })
  const chunks: Buffer[] = []
  let size = 0
  let problem = ''
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) child.kill()
    else chunks.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    problem = (problem + chunk.toString('utf8')).slice(0, 2_000)
  })
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', error => reject(new GitError(error.message, { cause: error })))
    child.once('close', resolve)
  })
  if (code === 0) return Buffer.concat(chunks)
  if (size > limit) throw new GitError(`git ${args[0]} printed more than ${limit} bytes.`)
  throw new GitError(problem.trim() || `git ${args[0]} ended with ${code}.`)
}

/** A file in a commit: `<hash>:<path from the repository's root>`. */
export type GitObject = string

/**
 * Reads files of commits with one process.
 * @returns their bytes, in the same order; undefined for those that are not there
 */
export async function readGitFiles(
  cwd: string,
  objects: readonly GitObject[],
  limit?: number,
): Promise<readonly (Buffer | undefined)[]> {
  if (objects.length === 0) return []
  const input = `${objects.join('\n')}\n`
  const output = await runGit(cwd, ['cat-file', '--batch'], { input, ...(limit && { limit }) })
  const files: (Buffer | undefined)[] = []
  let at = 0
  while (at < output.length) {
    const end = output.indexOf(10, at)
    const header = output.toString('utf8', at, end)
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1]
    at = end + 1
    if (size === undefined) {
      files.push(undefined)
      // Of a tree or a submodule the content follows as well.
      const other = /^[0-9a-f]+ \w+ (\d+)$/.exec(header)?.[1]
      if (other !== undefined) at += Number(other) + 1
      continue
    }
    files.push(output.subarray(at, at + Number(size)))
    at += Number(size) + 1
  }
  return files
}

/** The repository that a folder lies in; undefined without one, or without git. */
export async function findRepository(folder: string): Promise<
  | {
      /** Of the folder below the repository's root, with a slash at its end; empty at the root. */
      readonly prefix: string
    }
  | undefined
> {
  try {
    return {
      prefix: (await runGit(folder, ['rev-parse', '--show-prefix'])).toString('utf8').trimEnd(),
    }
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
}
