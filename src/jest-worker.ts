import { workerData } from 'node:worker_threads'
import { serveTestModules } from './frameworks/jest/serve-test-modules.ts'

serveTestModules(workerData)
