#!/bin/bash
# Runs a command with a Slurm of its own: munged, slurmctld and slurmd on the loopback, nothing outside a scratch folder.
#
#   Tests/Reference/slurm.sh FOLDER COMMAND…
#
# Needs Debian's slurm-wlm and munge, and root (slurmd starts tasks as the users that submit them). FOLDER must exist; its path
# must be short, since sockets lie in it. The command finds sbatch, squeue and sacct's files through SLURM_CONF. The daemons are
# ended with the command, whose status is returned.
set -u
folder=$(realpath "$1")
shift
port=$((20000 + $$ % 20000))
host=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool"
dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 2>/dev/null
chmod 700 "$folder" && chmod 400 "$folder/munge.key"

cat >"$folder/slurm.conf" <<CONF
ClusterName=scratch
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MinJobAge=3600
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"

daemons=()
stop() {
    # In the opposite order of starting, each by its own number. Whoever started this may have blocked SIGTERM, and daemons
    # inherit that: they are not waited for long.
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
        kill "${daemons[i]}" 2>/dev/null
        for _ in $(seq 30); do kill -0 "${daemons[i]}" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "${daemons[i]}" 2>/dev/null
        wait "${daemons[i]}" 2>/dev/null
    done
}
trap stop EXIT

/usr/sbin/munged --foreground --force --key-file "$folder/munge.key" --socket "$folder/munge.socket" \
    --pid-file "$folder/munged.pid" --log-file "$folder/munged.log" --seed-file "$folder/munge.seed" \
    >"$folder/munged.out" 2>&1 &
daemons+=($!)
for _ in $(seq 100); do [ -S "$folder/munge.socket" ] && break; sleep 0.1; done
/usr/sbin/slurmctld -D -c -i >"$folder/slurmctld.out" 2>&1 &
daemons+=($!)
/usr/sbin/slurmd -D -c -N "$host" >"$folder/slurmd.out" 2>&1 &
daemons+=($!)
for _ in $(seq 300); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && break
    sleep 0.2
done
if ! sinfo --noheader --format=%T 2>/dev/null | grep -q idle; then
    echo "the scratch Slurm did not come up; its logs:" >&2
    tail -n 20 "$folder"/*.log "$folder"/*.out >&2
    exit 75
fi
"$@"
