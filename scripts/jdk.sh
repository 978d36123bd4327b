# Finds a JDK 25 or later without starting one. To be sourced by a POSIX shell.
#
#   find_jdk        sets jdk (its folder) and jdk_version; fails if there is none
#   require_jdk     the same, and says what to install if there is none
#   usable_jdk DIR  sets both if DIR is a JDK 25 or later

usable_jdk() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  while IFS='=' read -r key value; do
    case $key in
      JAVA_VERSION)
        value=${value#\"}
        jdk_version=${value%\"}
        feature=${jdk_version%%[!0-9]*}
        [ "${feature:-0}" -ge 25 ] || return 1
        jdk=$1
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Sets resolved to the file that a path leads to through symbolic links.
resolve() {
  resolved=$1
  while [ -L "$resolved" ]; do
    link=$(readlink "$resolved")
    case $link in
      /*) resolved=$link ;;
      *) resolved=${resolved%/*}/$link ;;
    esac
  done
}

find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && usable_jdk "$JAVA_HOME"; then return 0; fi
  for tool in javac java; do
    if resolved=$(command -v "$tool"); then
      resolve "$resolved"
      case $resolved in */bin/*) if usable_jdk "${resolved%/bin/*}"; then return 0; fi ;; esac
    fi
  done
  for folder in /usr/lib/jvm/* /usr/java/* /usr/local/openjdk* /opt/* /opt/java/* /opt/jdk/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/*; do
    if usable_jdk "$folder"; then return 0; fi
  done
  return 1
}

require_jdk() {
  find_jdk || {
    echo "Cannot run Tarn: no JDK 25 or later was found. Install one (25.0.3 or later, https://adoptium.net) or set JAVA_HOME to it." >&2
    exit 1
  }
}
