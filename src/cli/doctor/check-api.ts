import type { ReadVariable } from '../../config/environment.ts'
import type { ResolvedOptions } from '../../config/options.ts'
import type { ResolvedProvider } from '../../config/provider/resolved-provider.ts'
import { createProxyRules } from '../../config/proxy-rules.ts'
import { findEnvFile } from '../../project/env-files.ts'
import { explainCertificate } from '../../system/certificate-fault.ts'
import { reachOrigin } from '../../system/proxy/reach-origin.ts'
import { messageOf } from '../output/error-output.ts'
import { createFinding, type Finding } from './finding.ts'

/** Milliseconds. */
const LONGEST = 10_000

export interface ApiCheckContext {
  /** Of the process, without `.env` files. */
  readonly readVariable: ReadVariable
  /** Names the `.env` files that count. */
  readonly environment: string
}

/** Keys and connections of every provider. Shows no key, and sends no request. */
export async function checkApis(
  options: ResolvedOptions,
  context: ApiCheckContext,
): Promise<readonly Finding[]> {
  if (options.mode !== 'generate') {
    return [
      createFinding('ok', 'API', `The mode is ${options.mode}, so no key and no API is needed.`),
    ]
  }
  const providers = [options.provider, ...Object.values(options.providers)]
  const found = await Promise.all(
    providers.map(async provider => [
      await checkKey(provider, options.root, context),
      await checkConnection(provider, context.readVariable),
    ]),
  )
  return found.flat()
}

async function checkKey(
  { apiKeyEnv, name }: ResolvedProvider,
  root: string,
  { readVariable, environment }: ApiCheckContext,
): Promise<Finding> {
  const check = name === undefined ? 'API key' : `API key (${name})`
  if (apiKeyEnv === undefined) return createFinding('ok', check, 'This provider needs no key.')
  if (readVariable(apiKeyEnv) !== undefined) {
    return createFinding('ok', check, `${apiKeyEnv} is set in the environment.`)
  }
  const file = await findEnvFile(apiKeyEnv, root, environment)
  if (file !== undefined) return createFinding('ok', check, `${apiKeyEnv} is set in ${file}.`)
  return createFinding(
    'warning',
    check,
    `${apiKeyEnv} is not set, so nothing can be generated. Set it in the environment or in \`.env.local\`.`,
  )
}

async function checkConnection(
  { baseURL, name, use }: ResolvedProvider,
  readVariable: ReadVariable,
): Promise<Finding> {
  const check = name === undefined ? 'API' : `API (${name})`
  if (use) {
    return createFinding(
      'ok',
      check,
      `The custom provider "${use.name}" makes its own connections.`,
    )
  }
  const { origin } = new URL(baseURL)
  try {
    await reachOrigin(new URL(origin), createProxyRules(readVariable), LONGEST)
    return createFinding('ok', check, `${origin} is reachable. No request was sent.`)
  } catch (error) {
    const certificate = explainCertificate(error)
    return createFinding(
      'problem',
      check,
      certificate === undefined
        ? `${origin} is not reachable: ${messageOf(error) || 'the connection failed'}. Check the network, HTTPS_PROXY and \`provider.baseURL\`.`
        : `${origin} cannot be used. ${certificate}`,
    )
  }
}
