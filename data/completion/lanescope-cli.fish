# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for lanescope-cli and lanescope
set -l commands record info stats narrate path export render can-record
set -l first "not __fish_seen_subcommand_from $commands"

complete -c lanescope-cli -n $first -f -a record -d 'Record what threads do, into a capture'
complete -c lanescope-cli -n $first -f -a info -d 'Say what a capture holds'
complete -c lanescope-cli -n $first -f -a stats -d 'Say what each thread did, in numbers'
complete -c lanescope-cli -n $first -f -a narrate -d 'Tell the story of a thread'
complete -c lanescope-cli -n $first -f -a path -d "Say what a thread's time went into, through whom it waited for"
complete -c lanescope-cli -n $first -f -a export -d 'Write a capture in another form'
complete -c lanescope-cli -n $first -f -a render -d 'Draw the lanes'
complete -c lanescope-cli -n $first -f -a can-record -d 'Say whether this machine can record'
complete -c lanescope-cli -n $first -f -l version -d 'Say the version'

complete -c lanescope-cli -n '__fish_seen_subcommand_from record' -s p -l pid -x -a '(__fish_complete_pids)' -d 'Record this process'
complete -c lanescope-cli -n '__fish_seen_subcommand_from record' -s a -l all -d 'Record every thread of the machine'
complete -c lanescope-cli -n '__fish_seen_subcommand_from record' -l no-children -d 'Leave out the processes they start'
complete -c lanescope-cli -n '__fish_seen_subcommand_from record' -s d -l duration -x -d 'End after this long'
complete -c lanescope-cli -n '__fish_seen_subcommand_from record export render' -s o -l output -r -d 'Write it here'
complete -c lanescope-cli -n '__fish_seen_subcommand_from info stats path' -l json -d 'Print everything, for programs'
complete -c lanescope-cli -n '__fish_seen_subcommand_from stats path export render' -l from -x -d 'From here on'
complete -c lanescope-cli -n '__fish_seen_subcommand_from stats path export render' -l to -x -d 'Up to here'
complete -c lanescope-cli -n '__fish_seen_subcommand_from narrate path export' -l thread -x -d 'This thread'
complete -c lanescope-cli -n '__fish_seen_subcommand_from narrate' -l kernel-words -d "Use the kernel's names of states"
complete -c lanescope-cli -n '__fish_seen_subcommand_from export' -s f -l format -x -a 'perfetto csv statistics json chrome text timehist lanescope' -d 'The form to write'
complete -c lanescope-cli -n '__fish_seen_subcommand_from export' -l process -x -d 'Only the threads of this process'
complete -c lanescope-cli -n '__fish_seen_subcommand_from export render' -l redact -d 'Number processes and threads in place of naming them'
complete -c lanescope-cli -n '__fish_seen_subcommand_from render' -s f -l format -x -a 'png svg pdf' -d 'Kind of picture'
complete -c lanescope-cli -n '__fish_seen_subcommand_from render' -l thumbnail -x -d 'Only lanes, so many pixels wide'
complete -c lanescope-cli -n '__fish_seen_subcommand_from render' -l width -x -d 'Width in pixels'
complete -c lanescope-cli -n '__fish_seen_subcommand_from render' -l height -x -d 'Height in pixels'
complete -c lanescope-cli -n '__fish_seen_subcommand_from render' -l theme -x -a 'light dark print' -d 'Colours'
complete -c lanescope-cli -n '__fish_seen_subcommand_from record info stats narrate path export render' -s q -l quiet -d 'Say nothing but what fails'

# A command that stands behind "--", with words of its own.
function __lanescope_command
    set -l words (commandline -opc)
    set -l place (contains -i -- -- $words); or return
    complete -C (string join -- ' ' (string escape -- $words[(math $place + 1)..-1]) (commandline -ct))
end
for program in lanescope-cli lanescope
    complete -c $program -n 'contains -- -- (commandline -opc)' -x -a '(__lanescope_command)'
end
complete -c lanescope -l pid -x -a '(__fish_complete_pids)' -d 'Watch this process'
complete -c lanescope -l all -d 'Watch the whole machine'
complete -c lanescope -l no-children -d 'Leave out the processes they start'
complete -c lanescope -l help -d 'Say how to start it'
complete -c lanescope -l version -d 'Say the version'
