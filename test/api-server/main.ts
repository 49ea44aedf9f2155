import { parseArgs } from 'node:util'
import { createApiServer } from './server.ts'

/** `node --import jiti/register test/api-server/main.ts --port 4010 --delay 1500` */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    delay: { type: 'string', default: '1500' },
    key: { type: 'string', default: 'playground-key' },
    scale: { type: 'string', default: '1' },
    vary: { type: 'boolean', default: false },
  },
})

const server = await createApiServer({
  port: Number(values.port),
  delay: Number(values.delay),
  apiKey: values.key,
  scale: Number(values.scale),
  vary: values.vary,
})
process.stdout.write(`${server.url}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.close()
  })
}
