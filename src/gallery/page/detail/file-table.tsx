import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryPicture } from '../../data/gallery-data.ts'
import type { GalleryPlaceholder, GalleryRendition } from '../../data/gallery-details.ts'
import { Icon } from '../elements/icon.tsx'
import { formatName } from '../state/format.ts'
import { useStore } from '../state/store-context.ts'
import { Block } from './block.tsx'

/** The original and its renditions. */
export function FileTable({ picture }: { readonly picture: GalleryPicture }) {
  const details = useStore().details.value?.pictures[picture.digest]
  const original = picture.attempts > 0 ? 'Original' : 'Source'
  return (
    <Block title="Files">
      <table class="table">
        <thead>
          <tr>
            {['Format', 'Size', 'File'].map(text => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
            <th scope="col">
              <span class="visually-hidden">Download</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <FileRow name={`${original}, ${formatName(picture.format)}`} file={picture} />
          {details?.renditions.map(file => (
            <FileRow
              key={`${file.format} ${file.width}`}
              name={formatName(file.format)}
              file={file}
            />
          ))}
          {details?.placeholder && <PlaceholderRow placeholder={details.placeholder} />}
        </tbody>
      </table>
    </Block>
  )
}

/** What pages show while a picture loads stands in the page itself. */
function PlaceholderRow({ placeholder }: { readonly placeholder: GalleryPlaceholder }) {
  const { kind, bytes } = placeholder
  return (
    <tr>
      <td>{`Placeholder, ${kind}`}</td>
      <td>in the page</td>
      <td>{formatBytes(bytes)}</td>
      <td />
    </tr>
  )
}

interface FileRowProps {
  readonly name: string
  readonly file: Omit<GalleryRendition, 'format'>
}

function FileRow({ name, file: { width, height, url, bytes } }: FileRowProps) {
  return (
    <tr>
      <td>
        <a class="file" href={url} target="_blank" rel="noopener">
          {name}
        </a>
      </td>
      <td>{`${width} × ${height}`}</td>
      <td>{bytes === undefined ? 'not made yet' : formatBytes(bytes)}</td>
      <td>
        <a class="file" href={url} download aria-label={`Download ${name}, ${width} × ${height}`}>
          <Icon name="download" />
        </a>
      </td>
    </tr>
  )
}
