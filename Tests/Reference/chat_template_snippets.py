"""Small templates, one or two features each; many of them are errors in jinja2, and must be.

Left out on purpose: what prints an address (methods, generators), recursive loops and str.format, which Topsail refuses
by name, and slices of constants that have no slices, which jinja2 folds to undefined.
"""

VARIABLES = {
    "s": "Hello World", "t": "  two words\t\n", "u": "straße été ﬁ ΑΣ Σ 🙂", "n": 7, "neg": -7, "f": 2.5, "big": 12345678901234567,
    "l": [3, 1, 2], "words": ["b", "A", "c", "a"], "d": {"b": 1, "a": [1, 2], "C": None}, "e": [], "z": None, "yes": True, "no": False,
    "people": [{"name": "Ann", "age": 30, "tags": ["x"]}, {"name": "bob", "age": 25}, {"name": "Cid", "age": 30, "tags": []}],
    "nested": {"items": {"x": 1}, "list": [[1, 2], [3, [4, "q'\"\n\x00é\u200b"]]], "f": 1e16, "g": 1e-5, "h": 0.1, "t": True},
    "m": "a\nb\n\nc", "html": "<a href=\"x\">'&'</a>",
}

EXPRESSIONS = r"""
1 + 2 * 3
(1 + 2) * 3
7 / 2
7 // 2
-7 // 2
-7 % 3
7 % -3
7.5 % 2
-7.5 // 2
7.5 % -2
2 ** 10
2 ** -1
2 ** 3 ** 2
-2 ** 2
- 2 ** 2
2 ** 62
0 ** 0
2.0 ** 0.5
1 / 0
1 % 0
1 // 0.0
+n
-n
--n
not n
not not n
- s
+ none
1 + true
true + true
1 + 1.5
1 + '1'
'a' + 'b' ~ 'c'
'a' ~ 1 ~ none ~ true ~ 1.5 ~ l
1 ~ 2 + 3
'ab' * 3
3 * 'ab'
'ab' * -1
[1] * 3
'ab' * 1.5
[1, 2] + [3]
(1, 2) + (3,)
[1] + (2,)
l - 1
d + d
1 == 1.0
1 == true
'1' == 1
[1, 2] == [1, 2]
[1] == (1,)
{'a': 1} == {'a': 1.0}
none == none
nope == nope2
nope == none
1 < 2 < 3
1 < 2 > 3
3 > 2 >= 2 != 1
'a' < 'b'
'B' < 'a'
'a' < 1
none < 1
nope < 1
[1, 2] < [1, 3]
[1, 2] <= [1, 2]
(1, 'a') < (1, 'b')
1 in l
4 not in l
'ell' in s
'' in s
1 in s
'a' in d
'z' not in d
[] in d
1 in 5
'a' in nope
nope in l
nope in s
1 in range(3)
'a' in d.keys()
('a', [1, 2]) in d.items()
true and false
0 or 'x'
'' or []
'a' and 'b'
nope or 'x'
none and nope.x
n if yes
n if no
n if no else 'x'
'a' if no else 'b' if no else 'c'
('x' if no) is defined
('x' if no) ~ '|'
1 is defined and 2 is defined
not nope is defined
nope is not defined
nope is undefined
nope.x is defined
d.nope is defined
d.nope.x is defined
d['nope'] is defined
l[9] is defined
l[9]
l['x']
l[1.5]
d[1]
s[0]
s[-1]
s[99]
s['x']
s[0:5]
s[::-1]
s[-5:]
s[:-6]
s[::2]
s[8:2:-2]
s[100:]
s[::0]
s['a':]
l[1:]
l[::-1]
l[-2:]
l[5:]
l[:-9:-1]
l[none:2]
(1, 2, 3)[1:]
range(10)[2:8:2]
range(10)[::-1]
range(10)[-1]
range(5)[9]
range(10)|list
range(2, 5)|list
range(5, 2)|list
range(5, 0, -2)|list
range(0, 10, 3)
range(3)
range(0)
range(3, step=1)
range(1, 2, 0)
range(1.5)
range('a')
range()
range(100001)
range(100000)|length
none[0]
d[1:2]
5[0]
n.x
none.x
none.x.y
nope
nope.x
nope[0]
nope[1:]
nope()
nope + 1
1 + nope
nope ~ 'x'
-nope
nope|length
nope|list
nope|trim
nope|upper
nope|default('x')
nope|d('x', true)
''|default('x')
''|default('x', true)
''|default('x', boolean=true)
none|default('x')
none|d('x', true)
nope.x|default('x')
[nope]
{'a': nope}
nope is none
nope is string
nope is sequence
nope is iterable
nope is mapping
nope is callable
nope is true
s.x
s.upper()
s.lower()
s.nope()
u.upper()
u.lower()
u.title()
u.capitalize()
u|length
u[0:7]
u|upper
u|title
u|capitalize
'ΑΣ Σ ΑΣΑ'.lower()
'ǆ ǅ'.title()
"they're bill's friends".title()
"they're bill's-friends (of old) [x] <y>"|title
'HELLO wORLD'|title
'HELLO wORLD'|capitalize
'hello'.capitalize()
''.capitalize()
t.strip()
t.lstrip()
t.rstrip()
t|trim
'xxhixx'.strip('x')
'xyhiyx'.strip('xy')
'xyhiyx'.lstrip('xy')
'xyhiyx'.rstrip('yx')
'xxhixx'|trim('x')
'xxhixx'|trim(chars='x')
'a'.strip(none)
'a'.strip(1)
'\u00a0 a\u2003'.strip() ~ '|'
'\x1ca\x85'.strip() ~ '|'
'\u200ba'.strip()|length
'a b  c'.split()
'a b  c'.split(' ')
' a b  c '.split()
'a,b,c'.split(',')
'a,b,c'.split(',', 1)
'a,b,c'.rsplit(',', 1)
'a b  c d'.split(none, 2)
' a b  c d '.split(none, 1)
' a b  c d '.rsplit(none, 1)
'a b c'.split(maxsplit=1)
'a,b'.split(sep=',')
'a,b,c'.rsplit(',')
'aXXbXXc'.split('XX')
''.split()
''.split(',')
'abc'.split('')
'abc'.split(1)
'a\nb\r\nc\n'.splitlines()
'a\nb\r\nc\n'.splitlines(true)
'abc'.startswith('ab')
'abc'.startswith(('x', 'a'))
'abc'.startswith('b', 1)
'abc'.endswith('bc')
'abc'.endswith(('x',))
'abc'.startswith('')
'abc'.startswith(1)
'abc'.startswith(['a'])
'abcabc'.find('c')
'abcabc'.find('c', 3)
'abcabc'.rfind('b')
'abcabc'.find('x')
'abcabc'.index('b')
'abcabc'.index('x')
'abcabc'.count('b')
'aaaa'.count('aa')
'abc'.count('')
'abcabc'.replace('b', 'X')
'abcabc'.replace('b', 'X', 1)
'abc'.replace('', '-')
'abc'.replace('', '-', 2)
'abc'.replace('b', 1)
'abcabc'|replace('b', 'X')
'abcabc'|replace('b', 'X', 1)
'abcabc'|replace('b', 1)
12321|replace(2, 'x')
'abc'|replace('', '-')
', '.join(words)
', '.join(l)
', '.join('abc')
''.join([])
', '.join(d)
'abc'.isdigit()
'123'.isdigit()
'²'.isdigit()
''.isdigit()
'abc'.isalpha()
'ab1'.isalnum()
' \n'.isspace()
'abc'.islower()
'ABC1'.isupper()
'a-b-c'.partition('-')
'a-b-c'.rpartition('-')
'abc'.partition('x')
'abc'.rpartition('x')
'abc'.removeprefix('a')
'abc'.removesuffix('c')
'7'.zfill(3)
'-7'.zfill(4)
'ab'.ljust(5) ~ '|'
'ab'.rjust(5, '.')
'ab'.center(5, '*')
'abc'.center(6, '*')
'ab'|center(7) ~ '|'
'abc'.strip().upper().lower()
"abc".upper ()
d.a
d['a']
d.C
d.C is none
d.items()
d.keys()
d.values()
d.items()|list
d|items|list
d.get('a')
d.get('zz')
d.get('zz', 3)
d.get()
d.get([1])
d.keys()|list
d.keys()[0]
d.keys()|length
d.values()|first
d|list
d|length
d|first
d|last
nested['items']
nested.items()|length
nested.list[1][1][0]
nested.list.0.1
nested
nested|tojson
nested|string
d.update({'x': 1})
d.pop('a')
d.setdefault('a', 1)
d.copy()
d.clear
l.append(1)
l.append
l.append is defined
l.pop()
l.sort()
l.index(2)
l.index(9)
l.count(1)
l.copy()
(1, 2).count(2)
l.nope
l.nope()
s.__class__
s.__class__.x
d._x
d._x is defined
true
True
none
None
false
1.0
1.5e3
1e16
1e15
123456789012345680.0
1e22
1e-4
1e-5
0.1 + 0.2
-0.0
1_000
0x1F
0b101
0o17
1_0.5
5.0 // 2
10 / 5
1e308 * 10
-1e308 * 10
big
big * 10
'a' 'b'
"a" 'b' "c"
'\n\t\\\'\"'
'\x41\u00e9\U0001F642'
'\101\0'|length
'\q\é'
'\
x'
'a"b'
["a'b", 'a"b', 'a\'"b', 'a\nb', 'a\\b', '\x01', 'é', '\u200b', '\u00a0', '\x7f', '🙂']
[]
[1,]
[1, 'a', none, true, 1.5, [2], (3,), {}]
()
(1,)
(1)
(1, 2)
1, 2
{}
{'a': 1, "b": [2]}
{'a': 1,}
{1: 'a', 1.0: 'b', true: 'c'}
{none: 1}
{[1]: 2}
{(1, 2): 3}[(1, 2)]
{'a': 1}.a
{1: 2}[1]
{'a': {'b': 2}}.a.b
[[1, 2], [3]][0][1]
l|length
s|length
n|length
none|length
l|count
l|first
l|last
e|first
nope|last is defined
nope|reverse|list
l|truncate(5)
none|batch(2) is defined
e|last
e|first is defined
l|first|string
s|first
s|last
'abc'|list
d|list
n|list
l|join
l|join(', ')
l|join(1)
words|join(d='-')
people|join(', ', attribute='name')
people|join(', ', 'age')
e|join(',')
n|join
s|join('-')
l|sort
l|sort(reverse=true)
l|sort(true)
words|sort
words|sort(case_sensitive=true)
words|sort(reverse=true)
people|sort(attribute='age')|map(attribute='name')|list
people|sort(attribute='age,name', reverse=true)|map(attribute='name')|list
people|sort(attribute='name')|map(attribute='name')|join
[1, 'a']|sort
[none, 1]|sort
d|dictsort
d|dictsort(true)
{'b': 2, 'a': 3}|dictsort(by='value')
{'b': 2, 'a': 3}|dictsort(reverse=true)
{'b': 2, 'a': 3}|dictsort(false, 'value', true)
{'b': 2}|dictsort(by='x')
l|dictsort
l|reverse|list
s|reverse
d|reverse|list
n|reverse
words|map('upper')|list
words|map('upper')|map('lower')|join(',')
people|map(attribute='name')|list
people|map(attribute='tags.0')|list
people|map(attribute='tags', default='?')|list
people|map(attribute='nope')|list
people|map(attribute='nope.x')|list
words|map('replace', 'a', 'x')|list
words|map('default', 'x')|list
[1, 2.5, '3']|map('int')|list
words|map('nope')|list
words|map|list
words|map(attribute='x', y=1)|list
l|map('string')|join
[[1, 2], [3]]|map('first')|list
[[1, 2], [3]]|map('join', '-')|list
e|map('upper')|list
none|map('upper')|list
5|map('upper')|list
l|select('odd')|list
l|select('>', 1)|list
l|select('gt', 1)|list
l|select|list
[0, 1, '', 'a', none]|select|list
[0, 1, '', 'a', none]|reject|list
l|reject('odd')|list
l|select('in', [1, 2])|list
l|reject('equalto', 2)|list
l|select('nope')|list
people|selectattr('tags')|map(attribute='name')|list
people|selectattr('tags', 'defined')|map(attribute='name')|list
people|selectattr('age', 'equalto', 30)|map(attribute='name')|list
people|rejectattr('age', '>', 26)|map(attribute='name')|list
people|selectattr('age', 'eq', 30)|first
people|selectattr('name', 'string')|list|length
people|selectattr|list
people|selectattr('age', 'lt', 1)|first is defined
words|unique|list
words|unique(case_sensitive=true)|list
[1, 1.0, true, 2]|unique|list
people|unique(attribute='age')|map(attribute='name')|list
[[1]]|unique|list
l|sum
people|sum(attribute='age')
people|sum('age', 100)
[1, 2.5]|sum
words|sum
e|sum
[[1], [2]]|sum(start=[])
l|min
l|max
words|min
words|max
words|max(case_sensitive=true)
people|min(attribute='age')
e|max
e|max is defined
[1, 'a']|max
l|batch(2)|list
l|batch(2, 'x')|list
range(7)|batch(3)|map('list')|list
range(7)|slice(3)|list
range(7)|slice(3, 'x')|list
l|map('abs')|list
neg|abs
-2.5|abs
(-2.5)|abs
s|abs
'42'|int
'4.7'|int
' 42 '|int
'1_000'|int
'abc'|int
'abc'|int(5)
'ff'|int(base=16)
'0x1f'|int(0, 16)
'0b11'|int(base=0)
'1e3'|int
'inf'|int
4.7|int
-4.7|int
true|int
none|int
none|int(9)
l|int
nope|int
'4.7'|float
'abc'|float
'abc'|float(1.5)
'.5'|float
'5.'|float
'1e3'|float
'inf'|float
'nan'|float
'0x10'|float
7|float
none|float
nope|float
2.5|round
3.5|round
2.675|round(2)
2.5|round(0, 'ceil')
2.1|round(method='ceil')
2.9|round(method='floor')
-2.5|round
7|round
7|round(2)
42.55|round(1)
42.55|round(1, 'floor')
1234|round(-2)
1250|round(-2)
1350|round(-2)
1234.5|round(-2)
true|round
2.5|round(0, 'x')
's'|round
s|lower
s|upper
n|upper
none|upper
l|string
n|string
s|string
none|string
true|string
n|string|length
m|indent
m|indent(2)
m|indent(2, true)
m|indent(2, first=true)
m|indent(2, blank=true)
m|indent('> ')
m|indent(width=1, first=true, blank=true)
''|indent
'a\n'|indent
n|indent
html|escape
html|e
html|safe
html|escape|escape
html|escape|string|escape
html|safe|escape
html|forceescape
html|safe + '<'
'<' + html|safe
'<'|safe ~ '<'
'<'|e + '>'
html|escape|upper
html|escape|trim
[html|escape]
html|escape is escaped
html is escaped
('<'|safe).replace('<', '>')
('<'|safe)|replace('<', '>')|e
('a'|safe).join(['<', '>'])
('a<'|safe)[0:1] + '<'
'hello world foo bar baz'|truncate(11)
'hello world foo bar baz'|truncate(11, true)
'hello world foo bar baz'|truncate(11, false, '..', 0)
'hello'|truncate(2)
l|tojson
d|tojson
d|tojson(indent=2)
d|tojson(2)
d|tojson(false, 2)
d|tojson(indent='\t')
d|tojson(indent=0)
d|tojson(separators=(',', ':'))
d|tojson(indent=2, separators=(',', ' : '))
d|tojson(sort_keys=true)
d|tojson(ensure_ascii=true)
u|tojson
u|tojson(ensure_ascii=true)
html|tojson
'\x00\x1f\x7f\b\f\n\r\t"\\/'|tojson
'\u2028'|tojson
none|tojson
true|tojson
1.0|tojson
1e100|tojson
'nan'|float|tojson
'inf'|float|tojson
(1, 2)|tojson
[[], {}, ()]|tojson(indent=1)
[1, [2, {'a': []}]]|tojson(indent=1)
{1: 2, none: 3, true: 4, 1.5: 5}|tojson
{(1,): 2}|tojson
nope|tojson
[nope]|tojson
range(3)|tojson
l|map('string')|tojson
d.items()|tojson
d|tojson(nope=1)
nested|tojson(indent=4)
html|safe|tojson
n is odd
n is even
n is divisibleby 7
n is divisibleby(2)
n is divisibleby 0
n is number
f is number
yes is number
s is number
n is integer
yes is integer
f is integer
f is float
n is float
yes is boolean
n is boolean
yes is true
n is true
no is false
z is none
n is none
z is not none
s is string
l is string
d is mapping
l is mapping
l is sequence
s is sequence
d is sequence
n is sequence
range(3) is sequence
l is iterable
n is iterable
s is iterable
none is iterable
(l|map('string')) is iterable
(l|map('string')) is sequence
d.items() is iterable
d.items is callable
d is callable
range is callable
raise_exception is callable
n == 7 is true
n is eq 7
n is equalto 7
n is ne 7
n is gt 3
n is lt 3
n is ge 7
n is le 6
n is greaterthan 3
n is lessthan(3)
none is sameas none
yes is sameas true
n is in [7]
n is in l
n is not in l
n is not eq 7
s is lower
'abc' is lower
'ABC' is upper
'upper' is filter
'nope' is filter
'odd' is test
n is defined and n is odd
n is defined or nope.x
not n is odd
n is odd is even
n is nope
n|nope
n is odd ~ 'x'
-1 is odd
1 + 2 is odd
l[0] is eq l[0]
n is eq n + 1
s|length > 3
s|length + 1
-n|abs
2 * n|string
n|string * 2
s|upper|lower|length
s | replace("l", "L") | trim
(s|upper)[0]
s.split(' ')|map('first')|join
s.split(' ')[0].lower().startswith('h')
dict(a=1, b=2)
dict([('a', 1)], b=2)
dict({'a': 1}, a=2)
dict(1)
dict()
namespace(a=1).a
namespace({'a': 2}, b=1).a
namespace(_a=1)
namespace(a=1)['a']
namespace(a=1).b is defined
namespace(a=1).b.c
raise_exception('my message')
raise_exception("é 'q' " ~ n)
raise_exception(5)
raise_exception()
strftime_now('%d %b %Y')
strftime_now('%Y-%m-%d %H:%M:%S %p %I %j %y %A %a %B %%')
strftime_now('%e|%-d|%-m|%w|%u|%U|%W|%F|%T|%D|%R')
strftime_now(5)
cycle
loop
caller
varargs
l.__len__()
[1, 2][true]
{'True': 1}[true]
(l, d)[1].b
l|attr('nope')
1 if
1 +
(1
[1
{1}
{1: }
'abc
1 2
a b
l[
l[]
l[1, 2]
l[1:2, 3]
l.
l.1
l.1.5
x.'a'
|upper
s|
s|upper(
s is
s is not
s(1)
n(1)
'a'()
f(x for x in l)
*l
lambda: 1
a = 1
1 = 1
not
!n
a ? b
a $ b
a && b
"a" % 1
{{ 1 }}
{'a': {'b': 1}}
{'a': [1, 2]}['a'][-1]
s[1:][::-1]|upper
d['a'][0] + d.b
d.a|length
d.a|join('+')
not (yes and no) or z
1 <2
1<2
1==1
1!=1
1 <> 2
1 in [1] == true
2 not in [1] and 1 in [1]
none in [none]
'x' in none
-1 ** 2
2 + 3 if 1 > 2 else 4 * 5
[1, 2, 3][-1:]
[[1], [2]]|sum(start=[])|length
[true, false]|map('string')|join
{'a': 1}|items|list|first|last
d|map('upper')|list
'a,b;c'.replace(',', ';').split(';')|length
(1, 2) in [(1, 2)]
1.5 in [1.5]
9007199254740993 == 9007199254740992.0
9007199254740993 > 9007199254740992.0
9223372036854775807 + 0
true is integer
'é' == 'e\u0301'
'é' in 'e\u0301x'
'\r\n'|length
'🙂👨‍👩‍👧'|length
'a\r\nb'.split('\n')
' '.join(['a', 1])
l|join(none)
'abc'|first ~ 'abc'|last
l|length == 3 and s
words|sort|first
words|map('length')|sum
people[0].tags[0]|upper
people|map(attribute='age')|sort|unique|list
people|map(attribute='age')|max
people[-1]['name'][0]|lower
""" + "\n"

STATEMENTS = [
    # White space around tags.
    "a\n  {% if yes %}\n  b\n  {% endif %}\nc\n",
    "a\n  {%- if yes %}\n  b\n  {%- endif %}\nc\n",
    "a\n  {%+ if yes %}\n  b\n  {%+ endif %}\nc\n",
    "a {% if yes -%}  \n b {%- endif -%} \n c",
    "a {% if yes +%}\n b {% endif +%}\n c",
    "  {{ n }}  \n  {{- n -}}  \n x",
    "  {# c #}\nx {# d #} y\n{#- e -#}\n z",
    "{#+ c +#}\nx", "a\n\n{# c #}\n\nb", "  {% set x = 1 %}  \nb{{ x }}\n\n", "x\n", "x\n\n", "\n", "", "\n\nx\n\n\n", "a\r\nb\rc\r\n",
    "{{ 1 }}\n{{ 2 }}\n", "{% if yes %}\n{% endif %}\n", "{% if yes %}\n\n{% endif %}\n\nx", "{{ '{{' }} }} %} #}", "{ { % } #",
    "a{{ 1 }}{% if yes %} {% endif %}b", "\t {% if yes %}x{% endif %}", "x \t {% if yes %}x{% endif %}", "{{-1}}{{+1}}", "{{- 1 -}} x",
    "{{ 1 }}  {% if yes %}\n  {{ 2 }}\n  {% endif %}\n", "{{ '\n' }}  {%- if yes %}x{% endif %}", "{%if yes%}a{%else%}b{%endif%}",
    "{% raw %}{{ x }} {% if %}{% endraw %}", "a {% raw %}\n {{ x }}\n {% endraw %}\nb", "a {%- raw -%}\n {{ x }}\n {%- endraw -%}\nb",
    "{% raw %}x", "{{ '%}' }}{% set x = '}}' %}{{ x }}", "{{ {'a': {'b': 1}} }}", "{{ {'a': {'b': 1}}}}", "\u00a0{% if yes %}x{% endif %}",
    "{# {{ x }} {% if #}x", "{# unclosed", "{{ unclosed", "{% if", "{{ }}", "{% %}", "{{ 1", "{% if yes %}", "{% endif %}", "{% for %}",
    # Conditions.
    "{% if no %}a{% elif yes %}b{% else %}c{% endif %}", "{% if no %}a{% elif no %}b{% elif z %}x{% else %}c{% endif %}",
    "{% if nope %}a{% endif %}b", "{% if nope.x %}a{% endif %}b", "{% if e %}a{% else %}b{% endif %}", "{% if 0.0 %}a{% else %}b{% endif %}",
    "{% if yes: %}a{% endif %}", "{% if yes and not no %}a{% endif %}", "{% if yes %}a{% else %}b{% elif no %}c{% endif %}", "{% if 1, 0 %}a{% endif %}",
    # Loops.
    "{% for x in l %}{{ x }},{% endfor %}", "{% for x in e %}{{ x }}{% else %}none{% endfor %}", "{% for x in nope %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in none %}{{ x }}{% endfor %}", "{% for x in 5 %}{{ x }}{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}", "{% for c in 'añ🙂' %}{{ c }}.{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k, v in d|items %}{{ k }}={{ v }};{% endfor %}", "{% for (k, v) in d.items() %}{{ k }}{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% for a, b in ['xy'] %}{{ b }}{{ a }}{% endfor %}",
    "{% for a, b in l %}{% endfor %}", "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}", "{% for x in range(3) %}{{ x }}{% endfor %}",
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem }}-{{ loop.nextitem }};{% endfor %}", "{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}", "{% for x in l %}{{ loop.cycle() }}{% endfor %}",
    "{% for x in [1, 1, 2] %}{{ loop.changed(x) }};{% endfor %}", "{% for x in l %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}", "{% for x in l %}{{ loop }}{% endfor %}",
    "{% for x in l %}{{ loop.nope is defined }}{% endfor %}", "{% for x in l %}{{ loop.nope.x }}{% endfor %}", "{% for x in l %}{{ loop|length }}{% endfor %}", "{% for x in l %}{{ loop['index'] }}{% endfor %}",
    "{% for x in l if x > 1 %}{{ x }}{{ loop.index }}{{ loop.last }}{{ loop.length }};{% endfor %}", "{% for x in l if x > 9 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in l if loop.index > 1 %}{{ x }}{% endfor %}", "{% for x in l if y is defined %}{{ x }}{% endfor %}", "{% for x in l if x is odd and n %}{{ x }}{% endfor %}",
    "{% for x in l|select('odd') %}{{ loop.length }}{{ loop.index }}{{ loop.last }}{{ x }};{% endfor %}", "{% for x in l|reverse %}{{ loop.revindex }}{{ x }};{% endfor %}",
    "{% for x in l %}{% for y in l %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}", "{% for x in l %}{% set outer = loop %}{% for y in 'ab' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}!", "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}!",
    "{% for x in l %}{% break %}{% else %}else{% endfor %}", "{% for x in l %}{% continue %}{% else %}else{% endfor %}", "{% for x in l %}{% if x == 2 %}{% break %}{% endif %}{% else %}else{% endfor %}",
    "{% for x in l %}{% for y in l %}{% break %}{% endfor %}{{ x }}{% endfor %}", "{% break %}", "{% for x in l %}{% else %}{% break %}{% endfor %}", "{% for x in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for x in l %}{% set y %}a{% if x == 1 %}{% break %}{% endif %}{% endset %}{{ y }}{% endfor %}", "{% for x in l %}{% filter upper %}a{% if x == 1 %}{% continue %}{% endif %}b{% endfilter %}{% endfor %}",
    "{% for x in l %}{% set loop = 1 %}{% endfor %}", "{% for loop in l %}{% endfor %}", "{% set loop = 5 %}{{ loop }}", "{% for x.y in l %}{% endfor %}", "{% for 1 in l %}{% endfor %}", 
    "{% for x in l %}{{ x }}{% endfor %}{{ x is defined }}", "{% set x = 9 %}{% for x in l %}{{ x }}{% endfor %}{{ x }}", "{% for n in l %}{{ n }}{% endfor %}{{ n }}",
    "{% for m in people %}{{ m.name }}{% if not loop.last %}, {% endif %}{% endfor %}", "{% for x in [[1, 2], [3]] %}{% for y in x %}{{ y }}{{ loop.last }}{% endfor %}{% endfor %}",
    "{% for x in l: %}{{ x }}{% endfor %}", "{% for i in range(l|length - 1, -1, -1) %}{{ l[i] }}{% endfor %}", "{% for x in l %}{{ loop.index0 % 2 == 0 }}{{ loop.index is odd }}{% endfor %}", "{{ loop is defined }}",
    # Where names live.
    "{% set x = 1 %}{% for i in l %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}", "{% set x = 1 %}{% if yes %}{% set x = 2 %}{% endif %}{{ x }}", "{% if no %}{% set x = 2 %}{% endif %}{{ x }}|",
    "{% if no %}{% set n = 2 %}{% endif %}{{ n }}", "{% if yes %}{% set n = 2 %}{% endif %}{{ n }}", "{% set n = n + 1 %}{{ n }}", "{{ n }}{% set n = 1 %}{{ n }}", "{% for i in l %}{{ n }}{% set n = i %}{{ n }};{% endfor %}{{ n }}",
    "{% for i in l %}{{ n }}{% endfor %}{% set n = 1 %}", "{% for i in l %}{{ q }}{% endfor %}{% set q = 1 %}", "{% set q = 1 %}{% for i in l %}{% if i == 1 %}{% set q = 5 %}{% endif %}{{ q }}{% endfor %}",
    "{% for i in l %}{% if i == 1 %}{% set n = 5 %}{% endif %}{{ n }}{% endfor %}", "{% for i in l %}{% if i == 1 %}{% set n = 5 %}{% else %}{% set n = 6 %}{% endif %}{{ n }}{% endfor %}{{ n }}",
    "{% if yes %}{% set a = 1 %}{% elif no %}{% set a = 2 %}{% else %}{% set a = 3 %}{% endif %}{{ a }}", "{% if no %}{% set a = 1 %}{% elif no %}{% set a = 2 %}{% endif %}{{ a is defined }}",
    "{% set messages = people[1:] %}{% for m in messages %}{{ m.name }}{% endfor %}", "{% for i in l %}{% set t = i %}{% for j in 'ab' %}{{ t }}{% set t = j %}{% endfor %}{{ t }}{% endfor %}",
    "{% set ns = namespace(c=0) %}{% for i in l %}{% set ns.c = ns.c + i %}{% endfor %}{{ ns.c }}", "{% set ns = namespace() %}{% set ns.a = 1 %}{% set ns.b = ns.a + 1 %}{{ ns.a }}{{ ns.b }}{{ ns.c }}", "{% set d.x = 1 %}", "{% set nope.x = 1 %}",
    "{% set ns = namespace(a=1) %}{% set ns._b = 1 %}", "{% set ns = namespace(items=[]) %}{% set ns.items = ns.items + [1] %}{{ ns.items }}", "{% set ns = namespace(a=1) %}{% set ns.a, b = 5, 6 %}{{ ns.a }}{{ b }}", "{% set ns = namespace(a=1) %}{{ ns is mapping }}{{ ns.a is defined }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a, b = [1, 2] %}{{ a }}{{ b }}", "{% set a, b = 1 %}", "{% set a, b = 1, 2, 3 %}", "{% set (a, b) = 'xy' %}{{ b }}", "{% set a = 1, 2 %}{{ a }}", "{% set a = b = 1 %}", "{% set 1 = 2 %}", "{% set none = 2 %}", "{% set a %}", "{% set a.b.c = 1 %}", "{% set a[0] = 1 %}",
    "{% set x %}a{{ n }}{% endset %}{{ x }}{{ x|length }}", "{% set x | upper %}a{{ s }}{% endset %}{{ x }}", "{% set x | upper | replace('A', 'b') %}a{% endset %}{{ x }}", "{% set ns = namespace() %}{% set ns.x %}abc{% endset %}{{ ns.x }}", "{% set x %}{% set y = 1 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}",
    "{% set n %}{{ n }}{% endset %}{{ n }}", "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}", "{% with %}{% set a = 1 %}{{ a }}{% endwith %}{{ a is defined }}", "{% with n = n + 1 %}{{ n }}{% endwith %}{{ n }}", "{% with a = 1, b = a %}{{ b }}|{% endwith %}", "{% with a, b = 1, 2 %}{% endwith %}",
    # Macros and calls.
    "{% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=5, a=4) }}", "{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m() }}{{ m(none) }}", "{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}", "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(c=2) }}", "{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}", "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}", "{% macro m(a=n) %}{{ a }}{% endmacro %}{{ m() }}", "{% macro m(a=1, b) %}{% endmacro %}", "{% macro m(a, a) %}{% endmacro %}", "{% macro m %}{% endmacro %}", "{{ m(1) }}{% macro m(a) %}{{ a }}{% endmacro %}",
    "{% macro f(x) %}{% if x > 0 %}{{ x }}{{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% macro m() %}{{ n }}{% set n = 1 %}{% endmacro %}{{ m() }}{{ n }}", "{% set q = 1 %}{% macro m() %}{{ q }}{% endmacro %}{% set q = 2 %}{{ m() }}", "{% macro m() %}{{ q }}{% endmacro %}{% set q = 2 %}{{ m() }}", "{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% macro a() %}A{% endmacro %}{% macro b() %}{{ a() }}B{% endmacro %}{{ b() }}", "{% macro m() %}\n x \n{% endmacro %}[{{ m() }}]", "{% macro m() -%}\n x \n{%- endmacro %}[{{ m() }}]", "{{ m is defined }}{% macro m() %}{% endmacro %}{{ m is defined }}{{ m is callable }}{{ m.name }}{{ m }}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ l|map('string')|map('upper')|join }}{{ m(l)|length }}{{ m('<')|e }}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}x{{ n }}{% endcall %}", "{% macro m() %}[{{ caller(1, 2) }}]{% endmacro %}{% call(a, b=5) m() %}{{ a }}{{ b }}{% endcall %}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{% call m() %}{% endcall %}", "{% call n %}{% endcall %}", "{% macro m(*a) %}{% endmacro %}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(*[1]) }}{{ m(**{'x': 2}) }}{{ m(*[1, 2]) }}",
    "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1], **{'b': 2}) }}", "{% macro m() %}{% for x in l %}{{ loop.index }}{% endfor %}{% endmacro %}{% for y in 'ab' %}{{ m() }}{{ loop.index }}{% endfor %}", "{% for x in l %}{% macro m() %}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% filter upper %}a{{ n }}b{% endfilter %}", "{% filter replace('a', 'b')|upper %}abc{% endfilter %}", "{% filter indent(2, true) %}a\nb{% endfilter %}", "{% filter nope %}a{% endfilter %}", "{% filter %}a{% endfilter %}", "{% filter upper %}{% set g = 1 %}{% endfilter %}{{ g is defined }}",
    "{% generation %}x{{ n }}{% endgeneration %}", "{% generation %}{% set x = 1 %}{% endgeneration %}{{ x is defined }}", "{%- generation -%} x {%- endgeneration -%} y", "{% for x in l %}{% generation %}{{ x }}{% break %}{% endgeneration %}{% endfor %}", "{% generation %}", "{% print n %}{% print n, s %}", "{% do l.append(1) %}", "{% nope %}", "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}",
    # Unknown names in branches are found when they are reached.
    "{% if no %}{{ n|nope }}{% endif %}x", "{% if yes %}{{ n|nope }}{% endif %}x", "{% if no %}{{ n is nope }}{% endif %}x", "{{ n|nope if no else 1 }}", "{{ n|nope if yes else 1 }}", "{% for x in e %}{{ x|nope }}{% endfor %}", "{% if no %}{% for x in e %}{{ x|nope }}{% endfor %}{% endif %}", "{% if no %}{{ raise_exception('x') }}{% endif %}y",
    "{{ raise_exception('Only \"user\" roles!') }}", "{% for x in l %}{% if x == 2 %}{{ raise_exception('at ' ~ loop.index) }}{% endif %}{% endfor %}", "{% set x = raise_exception('in set') %}", "{% if raise_exception('in if') %}{% endif %}",
    "{%- if n == 7 and s is defined -%}\n  {{- s -}}\n{%- endif -%}\n\n tail", "{% if n %}\n{{ n }}\n{% endif %}\n{% if n %}\n{{ n }}\n{% endif %}", "{{ l\n | join(',\n') }}", "{%\n if\n yes\n%}x{% endif %}", "{{ s }}{# x #}\n{{ s }}", "{% set x = {\n 'a': 1,\n 'b': [1,\n 2]\n} %}{{ x.b[1] }}",
]

SNIPPETS = ["{{ " + line + " }}" for line in EXPRESSIONS.replace("\\\nx", "\\\x00x").split("\n") if line]
SNIPPETS = [text.replace("\x00", "\n") for text in SNIPPETS] + STATEMENTS
