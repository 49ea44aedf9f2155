import type { GalleryCrop } from '../../data/gallery-data.ts'
import { GROUNDS, type Ground } from '../state/look-settings.ts'
import { useStore } from '../state/store-context.ts'
import type { PictureChoice } from './picture-choice.ts'
import type { PictureGroup } from './stage-pictures.ts'

interface PictureSelectProps {
  readonly label: string
  readonly groups: readonly PictureGroup[]
  /** Key of the picture that is shown. */
  readonly value: string | undefined
  onChoose(key: string): void
}

export function PictureSelect({ label, groups, value, onChoose }: PictureSelectProps) {
  return (
    <select
      class="field choice"
      aria-label={label}
      value={value}
      onChange={event => onChoose(event.currentTarget.value)}
    >
      {groups.map(group => (
        <optgroup key={group.label} label={group.label}>
          {group.pictures.map(({ key, caption }) => (
            <option key={key} value={key}>
              {caption}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}

export function GroundSelect() {
  const { ground, pageColor } = useStore().look
  return (
    <span class="line small quiet">
      <span aria-hidden="true">Background</span>
      <select
        class="field"
        aria-label="Background"
        value={ground.value}
        onChange={({ currentTarget: { value } }) => {
          ground.value = groundNamed(value)
        }}
      >
        {Object.entries(GROUNDS).map(([name, { label }]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      {ground.value === 'page' && (
        <input
          class="field number"
          type="color"
          aria-label="Colour of the page"
          value={pageColor.value}
          onInput={({ currentTarget: { value } }) => {
            pageColor.value = value
          }}
        />
      )}
    </span>
  )
}

function groundNamed(value: string): Ground {
  const isGround = (name: string): name is Ground => Object.hasOwn(GROUNDS, name)
  return isGround(value) ? value : 'plain'
}

interface CropSelectProps {
  readonly crops: readonly GalleryCrop[]
  readonly choice: PictureChoice
}

/** Which part of the picture is marked; nothing where pages show all of it. */
export function CropSelect({ crops, choice: { crop } }: CropSelectProps) {
  if (crops.length === 0) return null
  return (
    <span class="line small quiet">
      <span aria-hidden="true">Crop</span>
      <select
        class="field choice"
        aria-label="Crop"
        value={crop.value ?? ''}
        onChange={({ currentTarget: { value } }) => {
          crop.value = value === '' ? undefined : Number(value)
        }}
      >
        <option value="">Whole picture</option>
        {crops.map((each, index) => (
          <option key={each.variant ?? ''} value={index}>
            {captionOfCrop(each)}
          </option>
        ))}
      </select>
    </span>
  )
}

/** `phone: 640 × 800, 1080 × 1350` */
export function captionOfCrop({ variant = 'Output', sizes }: GalleryCrop): string {
  return `${variant}: ${sizes.map(size => size.replace('x', ' × ')).join(', ')}`
}
