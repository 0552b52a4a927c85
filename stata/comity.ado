*! comity 0.1.0: asks the program comity, and loads its tables
*
* Written by the manuals of Stata 14 and newer, and run in no Stata so far. What can be tested without one is: the files that are loaded here
* are read back by other programs, and the command lines of the help file are run (stata/test.py).
*
* An option has the name and the meaning of a flag of the program. Values go to it between double quotes; a sign that a command shell
* would change inside these is refused. SQL goes through a file.

program define comity
    version 14.0
    gettoken command 0 : 0, parse(" ,")
    if inlist("`command'", "panel", "query", "verdicts", "measure", "audit", "why", "states", "groups", "cite") {
        comity_`command' `0'
        exit
    }
    if "`command'" == "" comity_error "one command is needed, for example comity audit CHN" "help comity lists them"
    comity_error "there is no command comity `command'" "help comity lists them"
end

* ---- Tables, which are loaded ----

program define comity_panel
    syntax anything(name=unit) [, CLEAR XTSET DIRECTED WITH(string) SYSTEM(string) YEARS(string) EXTENDto(string) STATES(string) ///
        COLUMNS(string) ADD(string) WHERE(string) JOIN(string) RULES(string) GAPS(string) SOURCE(string) RECORD(string)]
    comity_word `unit'
    local line `"panel "`unit'""'
    if "`directed'" != "" local line `"`line' --directed"'
    * Lists: blanks between their words become commas.
    foreach flag in with states columns rules {
        if `"``flag''"' != "" {
            local value : subinstr local `flag' " " ",", all
            comity_value `value'
            local line `"`line' "--`flag'=`value'""'
        }
    }
    foreach flag in system years gaps record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    if `"`extendto'"' != "" {
        comity_value `extendto'
        local line `"`line' "--extend-to=`extendto'""'
    }
    * What can be said several times: semicolons stand between.
    foreach flag in add where join source {
        local rest `"``flag''"'
        while `"`rest'"' != "" {
            gettoken value rest : rest, parse(";")
            if `"`value'"' != ";" {
                local value = strtrim(`"`value'"')
                comity_value `value'
                local line `"`line' "--`flag'=`value'""'
            }
        }
    }
    comity_load `"`line'"' "" "`clear'"
    if "`xtset'" != "" comity_xtset
end

program define comity_verdicts
    syntax [, CLEAR FINDINGS LATEST COUNTS STATES(string) COMMITMENT(string) VERDICT(string) FROM(string) TO(string) POLICY(string) ///
        WITHOUT(string) ASof(string) SOURCE(string) RECORD(string)]
    local line verdicts
    foreach flag in findings latest counts {
        if "``flag''" != "" local line `"`line' --`flag'"'
    }
    if `"`states'"' != "" {
        local value : subinstr local states " " ",", all
        comity_value `value'
        local line `"`line' "--states=`value'""'
    }
    foreach flag in commitment verdict from to policy without source record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    if `"`asof'"' != "" {
        comity_value `asof'
        local line `"`line' "--as-of=`asof'""'
    }
    comity_load `"`line'"' "" "`clear'"
end

program define comity_measure
    syntax anything(name=words) [, CLEAR FROM(string) TO(string) PORTFOLIO(string) WEIGHTS(string) SOURCE(string) RECORD(string)]
    local line measure
    foreach word of local words {
        comity_word `word'
        local line `"`line' "`word'""'
    }
    foreach flag in from to portfolio weights source record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    comity_load `"`line'"' "" "`clear'"
end

program define comity_query
    gettoken sql 0 : 0, parse(" ,")
    syntax [, CLEAR TABLE(string) POLICY(string) SOURCE(string) RECORD(string)]
    if `"`sql'"' == "" comity_error "there is no query" "write it between double quotes behind comity query"
    local line query
    foreach flag in table policy source record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    tempfile question
    tempname handle
    file open `handle' using "`question'", write text replace
    file write `handle' `"`sql'"' _n
    file close `handle'
    comity_load `"`line'"' "`question'" "`clear'"
end

* ---- Answers, which are shown ----

program define comity_audit
    syntax anything(name=words) [, EVIDENCE COMMITMENT(string) FROM(string) TO(string) POLICY(string) WITHOUT(string) SOURCE(string) ///
        RECORD(string)]
    local line audit
    foreach word of local words {
        comity_word `word'
        local line `"`line' "`word'""'
    }
    if "`evidence'" != "" local line `"`line' --evidence"'
    foreach flag in commitment from to policy without source record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    comity_show `"`line'"'
end

program define comity_why
    syntax anything(name=words) [, FULL SQL POLICY(string) WITHOUT(string) SOURCE(string) RECORD(string)]
    local line why
    foreach word of local words {
        comity_word `word'
        local line `"`line' "`word'""'
    }
    foreach flag in full sql {
        if "``flag''" != "" local line `"`line' --`flag'"'
    }
    foreach flag in policy without source record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    comity_show `"`line'"'
end

program define comity_states
    syntax [anything(name=words)] [, YEAR(string) RECORD(string)]
    local line states
    foreach word of local words {
        comity_word `word'
        local line `"`line' "`word'""'
    }
    foreach flag in year record {
        if `"``flag''"' != "" {
            comity_value ``flag''
            local line `"`line' "--`flag'=``flag''""'
        }
    }
    comity_show `"`line'"'
end

program define comity_groups
    syntax [anything(name=words)] [, RECORD(string)]
    local line panel groups
    foreach word of local words {
        comity_word `word'
        local line `"`line' "`word'""'
    }
    if `"`record'"' != "" {
        comity_value `record'
        local line `"`line' "--record=`record'""'
    }
    comity_show `"`line'"'
end

program define comity_cite
    syntax [, RECORD(string)]
    local line record cite
    if `"`record'"' != "" {
        comity_value `record'
        local line `"`line' "--record=`record'""'
    }
    comity_show `"`line'"'
end

* ---- The program ----

* Refuses a value with a sign that a command shell changes between double quotes: these themselves, dollars and backward quotes; backslashes
* where they are no part of a path.
program define comity_value
    local signs 34 36 96
    if c(os) != "Windows" local signs `signs' 92
    foreach sign of local signs {
        if strpos(`"`0'"', char(`sign')) {
            comity_error "a value has a sign that a command shell would change" ///
                "leave out double and backward quotes and dollars; write folders with /"
        }
    }
end

* A state, unit or measure: no option could be taken for one.
program define comity_word
    comity_value `0'
    if substr(`"`0'"', 1, 1) == "-" comity_error "an option stands where a word is needed" "options stand behind a comma"
end

* Runs the program: what it says on standard error is shown, and is an error where it says so.
program define comity_run
    args line shown
    local program "$COMITY_PROGRAM"
    if "`program'" == "" local program : environment COMITY_PROGRAM
    if "`program'" == "" local program comity
    tempfile said
    local command `""`program'" `line' > "`shown'" 2> "`said'""'
    * The shell of Windows takes one pair of quotes off the whole line.
    if c(os) == "Windows" local command `""`command'""'
    quietly shell `command'
    capture confirm file "`said'"
    if _rc comity_missing
    local failed 0
    tempname handle
    file open `handle' using "`said'", read text
    file read `handle' text
    while r(eof) == 0 {
        if substr(`"`macval(text)'"', 1, 6) == "error:" local failed 1
        if `failed' display as error `"`macval(text)'"'
        else display as text `"`macval(text)'"'
        file read `handle' text
    }
    file close `handle'
    if `failed' exit 198
end

program define comity_load
    args line question clear
    if c(changed) & "`clear'" == "" {
        display as error "the data in memory have changed"
        display as error "help: save them, or add the option clear"
        exit 4
    }
    tempfile out shown
    local table "`out'.dta"
    local line `"`line' "--output=`table'""'
    if "`question'" != "" local line `"`line' < "`question'""'
    comity_run `"`line'"' "`shown'"
    capture confirm file "`table'"
    if _rc comity_missing
    use "`table'", clear
    erase "`table'"
    capture erase "`table'.json"
end

program define comity_show
    args line
    tempfile shown
    comity_run `"`line'"' "`shown'"
    capture confirm file "`shown'"
    if _rc comity_missing
    type "`shown'"
end

program define comity_missing
    comity_error "the program comity did not run" "install it, or say where it is: global COMITY_PROGRAM /path/to/comity"
end

program define comity_error
    args what out
    display as error `"`what'"'
    display as error `"help: `out'"'
    exit 198
end

* Declares the panel by what the file says of itself: its characteristics comity_unit and comity_time.
program define comity_xtset
    local unit : char _dta[comity_unit]
    local time : char _dta[comity_time]
    if "`unit'" == "" | "`time'" == "" comity_error "these rows are no panel" "leave the option xtset out"
    local id `unit'
    local text 0
    if wordcount("`unit'") == 1 {
        capture confirm string variable `unit'
        local text = _rc == 0
    }
    if wordcount("`unit'") > 1 | `text' {
        egen long unit = group(`unit')
        label variable unit "group of `unit'"
        local id unit
    }
    if wordcount("`time'") > 1 {
        generate period = ym(year, month)
        format period %tm
        label variable period "month"
        local time period
    }
    xtset `id' `time'
end
