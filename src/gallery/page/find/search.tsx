import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../elements/icon.tsx'
import { keyOf } from '../state/gallery-state.ts'
import { focusCard, type GalleryStore } from '../state/gallery-store.ts'
import { useStore } from '../state/store-context.ts'

/** `/` goes to it, Escape empties it, arrow down goes on to the first image. */
export function SearchField() {
  const store = useStore()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const goToField = (event: KeyboardEvent): void => {
      const typing =
        event.target instanceof HTMLElement && event.target.matches('input, select, textarea')
      if (event.key !== '/' || typing || store.route.value.image) return
      event.preventDefault()
      field.current?.focus()
      field.current?.select()
    }
    document.addEventListener('keydown', goToField)
    return () => document.removeEventListener('keydown', goToField)
  }, [store])
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field}
        class="field"
        type="search"
        placeholder="Search names, prompts, manifests"
        aria-label="Search names, prompts and manifests"
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        value={store.filter.value.text ?? ''}
        onInput={({ currentTarget: { value } }) => store.narrow({ text: value })}
        onKeyDown={event => leaveField(event, store)}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </div>
  )
}

function leaveField(event: KeyboardEvent, store: GalleryStore): void {
  const [first] = store.visible.value
  if (event.key === 'Escape') store.narrow({ text: undefined })
  else if (event.key === 'ArrowDown' && first) {
    event.preventDefault()
    focusCard(keyOf(first.id))
  }
}
