import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

interface ModalProps {
  readonly class: string
  /** ID of its heading. */
  readonly labelledBy: string
  readonly describedBy?: string
  readonly children: ComponentChildren
  readonly onKeyDown?: (event: KeyboardEvent) => void
  /** The dialog was closed by somebody: `returnValue` is what a button of it said. */
  onClose(returnValue: string): void
}

/** A dialog that is open as long as it is drawn. When it goes, the focus returns. */
export function Modal({ labelledBy, describedBy, children, onClose, ...props }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const closed = useRef(onClose)
  closed.current = onClose
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const close = (): void => closed.current(dialog.returnValue)
    dialog.addEventListener('close', close)
    dialog.showModal()
    return () => {
      dialog.removeEventListener('close', close)
      dialog.close()
    }
  }, [])
  useFocusKept(ref)
  return (
    <dialog
      ref={ref}
      class={props.class}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onKeyDown={props.onKeyDown}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      {children}
    </dialog>
  )
}

/** A control that goes with the focus passes it on to the dialog's heading. */
function useFocusKept(ref: { readonly current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body) return
      dialog.querySelector<HTMLElement>('[autofocus]')?.focus({ preventScroll: true })
    })
    observer.observe(dialog, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [ref])
}
