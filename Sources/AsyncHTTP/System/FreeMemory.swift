import CLinux

/// Gives the pages that hold nothing any more back to the system. It looks at all of the heap: not for every day.
func returnFreeMemory() {
    clinux_return_free_memory()
}

/// Lets go of the code that only a program's start has needed. To be called once that is over.
package func forgetStart() {
    clinux_unmap_code()
}
