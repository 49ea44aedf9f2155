import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createRequire } from 'node:module'

/** An editor as the tests need it: open a manifest, hover, complete, see errors. */
export interface LanguageClient {
  /** Shows a manifest and returns its errors. */
  open(text: string): Promise<readonly string[]>
  hover(line: number, character: number): Promise<string>
  complete(line: number, character: number): Promise<readonly Completion[]>
  close(): Promise<void>
}

export interface Completion {
  readonly label: string
  readonly documentation: string
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
}

/** Starts the real `yaml-language-server` and speaks its protocol over stdio. */
export async function startLanguageServer(schemaUri: string): Promise<LanguageClient> {
  const bin = createRequire(import.meta.url).resolve(
    'yaml-language-server/bin/yaml-language-server',
  )
  const server = spawn(process.execPath, [bin, '--stdio'])
  const waiting = new Map<number | string, (message: Message) => void>()
  let nextId = 1
  let opened = 0
  let uri = ''
  readMessages(server, message => {
    if (message.method === undefined && message.id !== undefined) {
      waiting.get(message.id)?.(message)
    } else if (message.id !== undefined) {
      // The server asks for things that an editor knows: there are none here.
      send({ id: message.id, result: message.method === 'workspace/configuration' ? [] : null })
    } else if (message.method === 'textDocument/publishDiagnostics') {
      waiting.get(field(message.params, 'uri') as string)?.(message)
    }
  })

  function send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  function answer(id: number | string): Promise<Message> {
    return new Promise(resolve => {
      waiting.set(id, message => {
        waiting.delete(id)
        resolve(message)
      })
    })
  }

  async function request(method: string, params: object): Promise<unknown> {
    const id = nextId++
    const answered = answer(id)
    send({ id, method, params })
    return (await answered).result
  }

  await request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      textDocument: { hover: { contentFormat: ['markdown'] }, completion: {} },
    },
  })
  send({ method: 'initialized', params: {} })

  return {
    async open(text) {
      uri = `file:///project/manifest-${++opened}.image.yaml`
      const published = answer(uri)
      const modeline = `# yaml-language-server: $schema=${schemaUri}\n`
      send({
        method: 'textDocument/didOpen',
        params: {
          textDocument: { uri, languageId: 'yaml', version: 1, text: modeline + text },
        },
      })
      const diagnostics = field((await published).params, 'diagnostics')
      return list(diagnostics).map(item => String(field(item, 'message')))
    },
    async hover(line, character) {
      const params = { textDocument: { uri }, position: { line: line + 1, character } }
      const contents = field(await request('textDocument/hover', params), 'contents')
      return String(field(contents, 'value') ?? '')
    },
    async complete(line, character) {
      const params = { textDocument: { uri }, position: { line: line + 1, character } }
      const items = field(await request('textDocument/completion', params), 'items')
      return list(items).map(item => ({
        label: String(field(item, 'label')),
        documentation: String(
          field(field(item, 'documentation'), 'value') ?? field(item, 'documentation') ?? '',
        ),
      }))
    },
    async close() {
      const closed = new Promise(resolve => server.once('close', resolve))
      server.kill()
      await closed
    },
  }
}

function readMessages(
  server: ChildProcessWithoutNullStreams,
  receive: (message: Message) => void,
): void {
  let buffer = Buffer.alloc(0)
  server.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n')
      if (head === -1) return
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('utf8', 0, head))?.[1])
      const end = head + 4 + length
      if (buffer.length < end) return
      receive(JSON.parse(buffer.toString('utf8', head + 4, end)))
      buffer = buffer.subarray(end)
    }
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
