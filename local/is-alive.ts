// Owns whether a process is still there: what pid files and marks of other runs are judged by.

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    // Another user's process is there, and only not ours to signal.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
};
