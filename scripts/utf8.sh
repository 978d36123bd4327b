# Makes names of files UTF-8 where the locale names no character set: Java could not open others than ASCII.
# To be sourced by a POSIX shell.
case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  *[Uu][Tt][Ff]*8*) ;;
  '' | C | POSIX) export LC_ALL=C.UTF-8 ;;
esac
