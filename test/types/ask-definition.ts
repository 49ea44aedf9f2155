import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import { REPOSITORY } from './type-project.ts'

/** Where an editor goes from a name; lines and columns count from 1. */
export interface Definition {
  /** Relative to the project, with slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A name in a file: the first `text` of the line with this number, counted from 1. */
export interface Asked {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Asks the editor's service of a TypeScript for the definition of a name. */
export type AskDefinition = (asked: Asked) => Promise<readonly Definition[]>

/** Of TypeScript up to 5.9, which has a protocol of its own. */
export function startTsserver(compiler: string, root: string): AskDefinition {
  const bin = path.join(REPOSITORY, 'node_modules', compiler, 'lib/tsserver.js')
  const child = start(bin, ['--disableAutomaticTypingAcquisition'], root)
  const answers = new Map<number, (body: unknown) => void>()
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter(it => it.startsWith('{'))) {
      const { type, request_seq: seq, body } = JSON.parse(line)
      if (type === 'response') answers.get(seq)?.(body)
    }
  })
  let seq = 0
  const send = (command: string, args: object): number => {
    seq += 1
    child.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`)
    return seq
  }
  return async ({ file, line, text }) => {
    const absolute = path.join(root, file)
    const offset = (await columnOf(absolute, line, text)) + 1
    send('open', { file: absolute })
    const body = await new Promise<unknown>(resolve => {
      answers.set(send('definitionAndBoundSpan', { file: absolute, line, offset }), resolve)
    })
    const { definitions } = body as TsserverAnswer
    return definitions.map(({ file, start }) => ({
      file: relative(root, file),
      line: start.line,
      column: start.offset,
    }))
  }
}

interface TsserverAnswer {
  readonly definitions: readonly {
    readonly file: string
    readonly start: { readonly line: number; readonly offset: number }
  }[]
}

/** Of TypeScript 7, which speaks the Language Server Protocol. */
export function startLanguageServer(compiler: string, root: string): AskDefinition {
  const bin = path.join(REPOSITORY, 'node_modules', compiler, 'bin/tsc')
  const child = start(bin, ['--lsp', '--stdio'], root)
  const answers = new Map<number, (result: unknown) => void>()
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  let id = 0
  const request = (method: string, params: object): Promise<unknown> =>
    new Promise(resolve => {
      id += 1
      answers.set(id, resolve)
      send({ id, method, params })
    })
  let rest = Buffer.alloc(0)
  child.stdout.on('data', (data: Buffer) => {
    const read = readMessages(Buffer.concat([rest, data]))
    rest = read.rest
    for (const message of read.messages) {
      if (message.method === undefined) answers.get(message.id ?? 0)?.(message.result)
      // The server asks for settings, which are all as they come.
      else if (message.id !== undefined) {
        const items = message.params?.items
        send({ id: message.id, result: items ? items.map(() => null) : null })
      }
    }
  })
  const ready = request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    capabilities: { textDocument: { definition: { linkSupport: true } } },
    workspaceFolders: null,
  }).then(() => send({ method: 'initialized', params: {} }))
  return async ({ file, line, text }) => {
    await ready
    const absolute = path.join(root, file)
    const uri = pathToFileURL(absolute).href
    const content = await readFile(absolute, 'utf8')
    const textDocument = { uri, languageId: 'typescript', version: 1, text: content }
    send({ method: 'textDocument/didOpen', params: { textDocument } })
    const position = { line: line - 1, character: await columnOf(absolute, line, text) }
    const links = await request('textDocument/definition', { textDocument: { uri }, position })
    return (links as readonly LocationLink[]).map(({ targetUri, targetSelectionRange }) => ({
      file: relative(root, fileURLToPath(targetUri)),
      line: targetSelectionRange.start.line + 1,
      column: targetSelectionRange.start.character + 1,
    }))
  }
}

interface LocationLink {
  readonly targetUri: string
  readonly targetSelectionRange: {
    readonly start: { readonly line: number; readonly character: number }
  }
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly items?: readonly unknown[] }
  readonly result?: unknown
}

function readMessages(data: Buffer<ArrayBuffer>): {
  readonly messages: readonly Message[]
  readonly rest: Buffer<ArrayBuffer>
} {
  const messages: Message[] = []
  let rest = data
  for (;;) {
    const head = rest.indexOf('\r\n\r\n')
    const length = Number(/Content-Length: (\d+)/.exec(rest.subarray(0, head).toString())?.[1])
    if (head < 0 || rest.length < head + 4 + length) return { messages, rest }
    messages.push(JSON.parse(rest.subarray(head + 4, head + 4 + length).toString()))
    rest = rest.subarray(head + 4 + length)
  }
}

function start(bin: string, args: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill()
  })
  return child
}

/** Counts from 0. */
async function columnOf(file: string, line: number, text: string): Promise<number> {
  const content = await readFile(file, 'utf8')
  return content.split('\n')[line - 1]?.indexOf(text) ?? -1
}

function relative(root: string, file: string): string {
  return path.relative(root, file).replaceAll(path.sep, '/')
}
