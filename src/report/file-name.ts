/** Whether an id of somebody's file may be a file's name here: it leads nowhere else. */
export function isFileName(id: string): boolean {
  return /^[\w+@~][\w.+@~-]{0,120}$/.test(id);
}
