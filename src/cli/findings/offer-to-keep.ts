import { imageKey } from '../../manifest/image-id.ts'
import { changedOnly, type EarlierVersion, OFFERED } from '../../pipeline/keep/earlier-versions.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PlanDocument } from '../output/plan-document.ts'

type KeepOffer = NonNullable<PlanDocument['keep']>[number]

/** States of images that a run would request and whose earlier picture could stay instead. */
const WANTED = ['missing', 'blocked']

/** How many pictures could stay, by what changed about their images. Pure. */
export function offerToKeep({ images }: Plan, versions: readonly EarlierVersion[]): KeepOffer[] {
  const wanted = new Set(
    images.filter(({ status }) => WANTED.includes(status.state)).map(({ id }) => imageKey(id)),
  )
  const offered = versions.filter(
    version => wanted.has(imageKey(version.image.id)) && changedOnly(version, OFFERED),
  )
  const groups = new Map<string, KeepOffer>()
  for (const { changes } of offered) {
    const because = changes.filter(part => part === 'model' || part === 'prompt')
    const name = because.join()
    groups.set(name, { because, images: (groups.get(name)?.images ?? 0) + 1 })
  }
  return [...groups.values()]
}

/**
 * ``12 missing because only the model changed; keep them with `imagegen keep --all --because model`.``
 * @param args of the command that planned, which select the same images again
 */
export function renderOffer({ because, images }: KeepOffer, args: readonly string[]): string {
  const selected = args.length > 0 ? args.map(quote).join(' ') : '--all'
  const command = `imagegen keep ${selected} --because ${because.join(',')}`
  const changed = because.join(' and ')
  return `${images} missing because only the ${changed} changed; keep ${images === 1 ? 'it' : 'them'} with \`${command}\`.`
}

/** As a shell takes it. */
function quote(argument: string): string {
  return /^[\w./#@:+-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["\\$`]/g, '\\$&')}"`
}
