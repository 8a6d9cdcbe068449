# Prints the Makefile's own comments as help.
BEGIN { FS = ":.*## " }
/^#: / { printf "\n%s\n", substr($0, 4) }
/^[a-z-]+:.*## / { printf "  %-17s %s\n", $1, $2 }
END { print "" }
