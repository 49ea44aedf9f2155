import { BlockList, isIP } from 'node:net'
import { ConfigError } from '../errors/config-error.ts'
import type { FindProxy, HttpProxy } from '../system/proxy/proxy.ts'
import { isLoopback } from './base-url.ts'
import type { ReadVariable } from './environment.ts'

/**
 * Finds proxies as the environment names them: `HTTPS_PROXY`, `HTTP_PROXY` (for https too where there
 * is no other) and `NO_PROXY`, in lower case first. Connections to this machine never go through one.
 * @returns throws ConfigError when a variable names no proxy; it repeats no credentials
 */
export function createProxyRules(readVariable: ReadVariable): FindProxy {
  return target => {
    if (isLoopback(target.hostname)) return undefined
    const names =
      target.protocol === 'https:'
        ? ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']
        : ['http_proxy', 'HTTP_PROXY']
    const variable = names.find(name => readVariable(name) !== undefined)
    const value = variable && readVariable(variable)
    if (variable === undefined || value === undefined) return undefined
    const exceptions = readVariable('no_proxy') ?? readVariable('NO_PROXY') ?? ''
    return isExcepted(target, exceptions) ? undefined : parseProxy(variable, value)
  }
}

function parseProxy(variable: string, value: string): HttpProxy {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigError(
      `${variable} does not name an HTTP proxy. Write it like http://proxy.example.com:3128, or http://user:password@proxy.example.com:3128; percent-encode characters such as @ and / in the password.`,
    )
  }
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (username === '' && password === '') return { url, variable }
  const credentials = `${decode(username)}:${decode(password)}`
  return {
    url,
    variable,
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  }
}

/** A lone percent sign stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Hosts with or without a port, domains with all below them, addresses, networks, or `*`. */
function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const ownPort = port || (protocol === 'http:' ? '80' : '443')
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some(exception => {
      if (exception === '*') return true
      if (exception.includes('/')) return isWithin(host, exception)
      const [, name = exception, wanted] = /^(.*?):(\d+)$/.exec(exception) ?? []
      const isAddress = isIP(exception) !== 0
      if (!isAddress && wanted !== undefined && wanted !== ownPort) return false
      const domain = (isAddress ? exception : name).replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
      return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`))
    })
}

function isWithin(host: string, network: string): boolean {
  const [address = '', prefix = ''] = network.split('/')
  const family = isIP(address)
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(prefix)) return false
  const bits = Number(prefix)
  if (bits > (family === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
