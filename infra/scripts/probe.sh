# Runs `check`, which the text before this defines, and ends as it does. A probe is a process that the engine starts in
# the container: 80 ms of CPU each time (engine 20.10, measured), a fifth of a core for a stack that does nothing at a
# probe every two seconds. So it waits within: a container that starts is looked at again and again until it is ready,
# and one that was healthy is left in peace for a while. Needs of the image: bash, sleep.
STARTING_SECONDS=20 HEALTHY_SECONDS=15 FAILING_SECONDS=3
marker=/tmp/llm-stack-probe

# When process 1 started (field 22): a container that restarts may keep its /tmp.
stat=$(</proc/1/stat)
read -r -a fields <<<"${stat##*) }"
this_start=${fields[19]}
read -r start last 2>/dev/null <"$marker" || true
[[ "${start-}" == "$this_start" ]] || last=none

case $last in
  healthy)
    # Should the engine end this probe, the next one is in a hurry.
    echo "$this_start failing" >"$marker"
    sleep "$HEALTHY_SECONDS"
    patience=0
    ;;
  failing) patience=$FAILING_SECONDS ;;
  *) patience=$STARTING_SECONDS ;;
esac
until said=$(check 2>&1); do
  if ((SECONDS >= patience)); then
    echo "$said"
    exit 1
  fi
  sleep 0.2
done
echo "$this_start healthy" >"$marker"
