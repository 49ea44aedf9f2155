import type { HotPayload, ViteDevServer, WebSocketClient } from 'vite'
import { identifyRequester, type OwnNames, type Requester } from '../../../dev/serving/requester.ts'

/** Connections to a Vite server's websocket: any page that reaches the server can open one. */
export interface ViteClients {
  /** Whether somebody opened it who may see manifests' texts. */
  isTrusted(client: WebSocketClient): boolean
  /** Sends to those that may see manifests' texts. */
  send(payload: HotPayload): void
}

export interface ViteClientsOptions {
  readonly own: OwnNames
  maySee(requester: Requester): boolean
}

export function createViteClients(
  { ws }: Pick<ViteDevServer, 'ws'>,
  { own, maySee }: ViteClientsOptions,
): ViteClients {
  const requesters = new WeakMap<object, Requester>()
  ws.on('connection', (socket, request) => {
    requesters.set(socket, identifyRequester(request, own))
  })

  function isTrusted({ socket }: WebSocketClient): boolean {
    const requester = requesters.get(socket)
    return requester !== undefined && maySee(requester)
  }

  return {
    isTrusted,
    send(payload) {
      for (const client of ws.clients) if (isTrusted(client)) client.send(payload)
    },
  }
}
