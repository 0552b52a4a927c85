{smcl}
{* *! comity 0.1.0}{...}
{title:Title}

{p 4 4 2}
{bf:comity} {hline 2} audit foreign policies and load panels of peace science

{title:Syntax}

{p 4 8 2}{cmd:comity panel} {it:unit} [{cmd:,} {it:options} {cmd:clear} {cmd:xtset}]{p_end}
{p 4 8 2}{cmd:comity query} {cmd:"}{it:SQL}{cmd:"} [{cmd:,} {it:options} {cmd:clear}]{p_end}
{p 4 8 2}{cmd:comity verdicts} [{cmd:,} {it:options} {cmd:clear}]{p_end}
{p 4 8 2}{cmd:comity measure} {it:name} [{it:states}] [{cmd:,} {it:options} {cmd:clear}]{p_end}
{p 4 8 2}{cmd:comity audit} {it:states} [{cmd:,} {it:options}]{p_end}
{p 4 8 2}{cmd:comity why} {it:state commitment} [{it:year}] [{cmd:,} {it:options}]{p_end}
{p 4 8 2}{cmd:comity states} [{it:state}] [{cmd:,} {it:options}]{p_end}
{p 4 8 2}{cmd:comity groups} [{it:group}]{p_end}
{p 4 8 2}{cmd:comity cite}{p_end}

{title:Description}

{p 4 4 2}
The program comity must be on this machine. It is looked for under the global {cmd:COMITY_PROGRAM}, the environment variable of that name, and
on the search path. Nothing is sent anywhere.

{p 4 4 2}
The first four commands replace the data in memory. Missing (.) means not observed; a zero is there only where a source covers the states and
the year. Variables have labels, codes have value labels, every variable has a note with its whole description, its unit, its sources and the
years that these cover; the notes of the data ({cmd:notes _dta}) say how they were made and what to cite.

{p 4 4 2}
{cmd:xtset} declares the panel by the characteristics {cmd:_dta[comity_unit]} and {cmd:_dta[comity_time]}. Of pairs it makes a variable
{cmd:unit}, of months a variable {cmd:period}.

{p 4 4 2}
This command was written by the manuals of Stata 14 and newer, and has been run in no Stata so far. The files that it loads are tested with
other programs that read them.

{title:Options}

{p 4 4 2}
Options are the flags of the program; {cmd:shell comity panel --help} explains each. Words of a list have blanks between them
({cmd:with(contiguity nmc)}); what can be said several times has semicolons ({cmd:where(prd=1; year>=1946)}). States are named by codes.

{title:Examples}

{p 4 8 2}{cmd:. comity states China}{p_end}
{p 4 8 2}{cmd:. comity audit CHN}{p_end}
{p 4 8 2}{cmd:. comity why CHN no-great-power-alliance 1955}{p_end}
{p 4 8 2}{cmd:. comity groups majors}{p_end}
{p 4 8 2}{cmd:. comity panel state-years, with(majors) years(1990-2000) states(CHN USA) clear xtset}{p_end}
{p 4 8 2}{cmd:. comity panel dyad-years, directed with(majors) years(1946-1960) where(cowmaj1=1; year>=1950) add(lag(cowmaj1,1)) clear xtset}{p_end}
{p 4 8 2}{cmd:. comity query "select ccode, abbr, start from states where ccode < 100 order by ccode", clear}{p_end}
{p 4 8 2}{cmd:. comity verdicts, states(CHN) commitment(no-great-power-alliance) from(1950) to(1989) clear}{p_end}
{p 4 8 2}{cmd:. comity verdicts, commitment(no-great-power-alliance) counts clear}{p_end}
{p 4 8 2}{cmd:. comity measure s-score USA CHN, from(1955) to(1960) clear}{p_end}
{p 4 8 2}{cmd:. comity cite}{p_end}
