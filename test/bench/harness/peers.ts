import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { options } from './options.ts'

const bench = path.resolve(import.meta.dirname, '..')

/** Absolute path of the folder whose `node_modules` holds what the product is measured against. */
export const peers = path.resolve(bench, options.peers)

/** The scripts that are measured. They lie where their imports find the peers. */
export const children =
  peers === bench ? path.join(bench, 'children') : path.join(peers, 'node_modules/.children')

/** Copies the scripts beside peers of another folder. */
export async function placeChildren(): Promise<void> {
  if (peers === bench) return
  await rm(children, { recursive: true, force: true })
  await cp(path.join(bench, 'children'), children, { recursive: true })
}
