#!/usr/bin/env python3
"""Compares what the program believes of NVIDIA's and AMD's libraries with one of their own headers.

usage: check-headers.py HEADER [LIBRARY…]

HEADER is a cuda.h, nvml.h, rocm_smi.h or amdsmi.h. What is believed is read out of the C# sources: the name and the signature of each
function, structures field by field, the numbers of enumerations and constants; headers.tsv beside this file says what each is called in
the header. A generated C++ program includes the header and says where the compiler knows better: how many arguments, whether each is a
pointer or a number and of which size, a structure's size and its fields' places, the value of a name. Each LIBRARY must export every
function. What a header lacks is named; it differs between versions. Needs python3, g++ (or CXX) and, for libraries, nm.
Ends with 1 where something differs.
"""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CUDA = "src/GpuDecodeBench.Backends/Cuda/Driver"
TELEMETRY = "src/GpuDecodeBench.Measurement/Telemetry"
# Header: how its functions' names begin, the sources, what makes it declare functions by their exported names, and how much room C# gives
# where it passes bytes.
HEADERS = {
    "cuda.h": ("cu", CUDA, "", "__CUDA_API_VERSION_INTERNAL", 16),
    "nvml.h": ("nvml", f"{TELEMETRY}/Nvml/Native", "", "NVML_NO_UNVERSIONED_FUNC_DEFS", 32),
    "amdsmi.h": ("amdsmi_", f"{TELEMETRY}/Amd", "AmdSmiDevice", "", 65536),
    "rocm_smi.h": ("rsmi_", f"{TELEMETRY}/Amd", "RocmSmiDevice", "", 4096),
}
ROOMS = {"amdsmi_get_gpu_metrics_info": 32768, "rsmi_dev_gpu_metrics_info_get": 32768, "amdsmi_get_lib_version": 64}
# Where C# and the header differ in the sign alone, of what is never negative.
UNSIGNED = {"nvmlDeviceGetCudaComputeCapability"}
# Structures that are read as so many numbers.
NUMBERS = {"rsmi_version_get": ("uint*", 64), "rsmi_dev_ecc_count_get": ("ulong*", 16)}
BYTES = {"byte": 1, "ushort": 2, "int": 4, "uint": 4, "long": 8, "ulong": 8, "nint": 8, "nuint": 8, "float": 4, "double": 8}

PROGRAM = r"""
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <type_traits>
#include HEADER

static int checked, wrong;
static void say(bool right, const char *what, const char *believed) {
    checked++;
    if (!right) { wrong++; std::printf("  differs: %s, %s here\n", what, believed); }
}
static void same(long long header, long long here, const char *what) {
    checked++;
    if (header != here) { wrong++; std::printf("  differs: %s is %lld in the header, %lld here\n", what, header, here); }
}

// What C# passes: numbers of some bytes, pointers, pointers to what C# has room for.
template <int bytes> struct Unsigned {};
template <int bytes> struct Signed {};
template <int bytes> struct Floating {};
struct Pointer {};
template <class T> struct To {};
template <int bytes> struct Room {};

template <class C> constexpr bool is_free = std::is_enum_v<C> || std::is_union_v<C>;  // enumerations, and AMD's place on the PCI bus
template <class C> constexpr int size_of = sizeof(C);
template <> inline constexpr int size_of<void> = 0;
template <class C, class S> struct Fits : std::false_type {};
template <class C, int n> struct Fits<C, Unsigned<n>> : std::bool_constant<size_of<C> == n && (is_free<C> || std::is_unsigned_v<C>)> {};
template <class C, int n> struct Fits<C, Signed<n>> : std::bool_constant<size_of<C> == n && (is_free<C> || (std::is_integral_v<C> && std::is_signed_v<C>))> {};
template <class C, int n> struct Fits<C, Floating<n>> : std::bool_constant<size_of<C> == n && std::is_floating_point_v<C>> {};
template <class C> struct Fits<C, Pointer> : std::bool_constant<std::is_pointer_v<C>> {};
template <class C, class T> struct Fits<C *, To<T>> : Fits<std::remove_cv_t<C>, T> {};
template <class C, int n> struct Fits<C *, Room<n>> : std::bool_constant<size_of<std::remove_cv_t<C>> <= n> {};

template <class F> struct Function;
template <class R, class... A> struct Function<R(A...)> {
    template <class SR, class... S> static constexpr bool fits() {
        if constexpr (sizeof...(A) != sizeof...(S)) return false;
        else return Fits<R, SR>::value && (Fits<A, S>::value && ...);
    }
};
#define FUNCTION(name, here, ...) say(Function<decltype(name)>::fits<__VA_ARGS__>(), #name, here)
"""


def stop(sentence):
    sys.exit(f"check-headers.py: {sentence}; teach .ci/check-headers.py or .ci/headers.tsv")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8-sig") as file:
        return file.read()


def source(name, folder):
    """The text of a C# source by its name."""
    for place in (folder, TELEMETRY):
        if os.path.exists(os.path.join(ROOT, place, f"{name}.cs")):
            return read(f"{place}/{name}.cs")
    stop(f"there is no {name}.cs in {folder}")


def sources(folder, prefix):
    names = sorted(os.listdir(os.path.join(ROOT, folder)))
    return "\n".join(read(f"{folder}/{name}") for name in names if name.endswith(".cs") and name.startswith(prefix))


def types_of(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def members(text):
    """The values of the C# enumeration of a source, numbered as C# numbers them."""
    values, following = {}, 0
    for member, value in re.findall(r"^    (\w+)(?: = (\d+|0x[0-9A-Fa-f]+))?,", text.split("enum ", 1)[1], re.M):
        following = int(value, 0) if value else following
        values[member] = following
        following += 1
    return values


def number(text, name):
    """The number that a C# source gives a name."""
    match = re.search(rf"\b{name} = ([\w.\s|<()]+)[;,]", text)
    if not match:
        stop(f"nothing gives {name} a number any more")
    digits = re.sub(r"\buint\.MaxValue\b", "0xFFFFFFFF", match.group(1).replace("_", ""))
    return eval(re.sub(r"(\d)[uUlL]+\b", r"\1", digits), {"__builtins__": {}})


def layout(text, known):
    """The size and the fields (name, place, bytes) of the C# structure of a source, as the runtime lays it out."""
    kind, size, name, body = re.search(r"LayoutKind\.(\w+)(?:, Size = (\d+))?\)\]\s*internal (?:unsafe )?struct (\w+)\s*\{(.*)^\}", text, re.S | re.M).groups()
    fields, end, alignment = [], 0, 1
    for place, type_, field, count in re.findall(r"(?:\[FieldOffset\((\d+)\)\]\s*)?public (?:fixed )?([\w*]+) (\w+)(?:\[(\w+)\])?;", body):
        bytes_ = 8 if type_.endswith("*") else known.get(type_) or BYTES.get(type_, 4)
        aligned = min(bytes_, 8)
        alignment = max(alignment, aligned)
        offset = int(place) if place else -(-end // aligned) * aligned
        bytes_ *= number(body, count) if count and not count.isdigit() else int(count or 1)
        fields.append((field, offset, bytes_))
        end = max(end, offset + bytes_)
    known[name] = int(size) if size else -(-end // alignment) * alignment
    return known[name], fields


def shape(type_, known, room):
    """A C# type as the generated program names it."""
    if type_ in ("void*", "byte*"):
        return f"Room<{room}>"
    if type_.endswith("*"):
        return f"Room<{known[type_[:-1]]}>" if type_[:-1] in known else f"To<{shape(type_[:-1], known, room)}>"
    if type_ == "nint":
        return "Pointer"
    kind = "Floating" if type_ in ("float", "double") else "Signed" if type_ in ("int", "long") else "Unsigned"
    return f"{kind}<{BYTES.get(type_, 4)}>"  # an enumeration has 4


def imports(prefix, folder, files):
    """The C# signature of every function that is looked up, and the name of the one that is taken in its place or that it stands in for."""
    text = sources(folder, files)
    found = {name: (types, None) for name, types in amd_imports(text).items()} if prefix in ("amdsmi_", "rsmi_") else {}
    for signature, name, other in re.findall(r"\(delegate\* unmanaged<([^()]*?)>\)\s*symbols\.Get\(\s*\"(\w+)\"(?:,\s*\"(\w+)\")?", text):
        found.update({one: (types_of(signature), two) for one, two in ((name, other), (other, name)) if one})
    # NVML's that share a signature are named by the values of an enumeration.
    for signature, table in re.findall(r"\(delegate\* unmanaged<([^()]*?)>\)_(\w+)\[\(int\)", text):
        kind = re.search(rf"_{table} = Lookup<(\w+)>", text).group(1)
        found.update({f"nvmlDeviceGet{member}": (types_of(signature), None) for member in members(source(kind, folder))})
    lost = sorted(set(re.findall(rf"\"({prefix}\w+)\"", text)) - set(found))
    if lost:
        stop(f"no signature was found for {', '.join(lost)}")
    return found


def amd_imports(text):
    """AMD's functions: looked up by name at one place and cast to a signature at another, some by a method that is given the name."""
    found = {}
    fields = dict(re.findall(r"(_\w+) = file\.Find\(\"(\w+)\"\)", text))
    methods = [(match.start(), match.group(1)) for match in re.finditer(r"^    (?:public|private)[^\n=;(]* (\w+)(?:<T>)?\(", text, re.M)]

    def method_at(place):
        return [name for start, name in methods if start <= place][-1]

    def names_given(method):
        names = set()
        for match in re.finditer(rf"(?<![\w.]){method}(?:<\w+>)?\((?=([^;]*?);)", text):
            given = match.group(1)
            names |= set(re.findall(r"^(?:\s*scratch, |\s*_file\.Find\()?\s*\"(\w+)\"", given)) | {fields[field] for field in fields if given.startswith(field)}
            if given.startswith("_file.Find(function)"):
                names |= names_given(method_at(match.start()))
        return names

    for match in re.finditer(r"\(delegate\* unmanaged<([^()]*?)>\)(\w+)\)", text):
        variable, before = match.group(2), text[: match.start()]
        local = re.findall(rf"\b{variable} = _?file\.Find\(\"?(\w+)\"?\)", before)
        given = re.search(r"\"(\w+)\",\s*\(get, text\) => \($", before)
        if given:
            names = {given.group(1)}
        elif variable in fields:
            names = {fields[variable]}
        elif local and local[-1] != "function":
            names = {local[-1]}
        else:
            names = names_given(method_at(match.start()))
        for name in names:
            found.setdefault(name, types_of(match.group(1)))
    for name in names_given("Number"):  # one number of 64 bits
        found[name] = [*found[name][:-2], "ulong*", found[name][-1]]
    return found


def place(structure, field, offset, bytes_=None):
    """What says whether a field lies at a place; a version of the header that lacks the field says nothing of it."""
    name = "at_" + re.sub(r"\W", "_", f"{structure}_{field}")
    before = (
        f"template <class T, class = void> struct {name} {{ static constexpr long long place = -1, bytes = 0; }};\n"
        f"template <class T> struct {name}<T, std::void_t<decltype(((T *)0)->{field})>> {{"
        f" static constexpr long long place = offsetof(T, {field}), bytes = sizeof(((T *)0)->{field}); }};\n"
    )
    label = f"{structure}.{field}"
    size = f' same({name}<{structure}>::bytes, {bytes_}, "bytes of {label}");' if bytes_ else ""
    return before, (
        f'if ({name}<{structure}>::place < 0) std::printf("  not in this header: {label}\\n");'
        f' else {{ same({name}<{structure}>::place, {offset}, "place of {label}");{size} }}'
    )


def rows(header, folder, raw, version):
    """Parts of the program for the lines of headers.tsv that are for a header: what stands before main, and in it."""
    before, checks, known = [], [], {}
    names = set(re.findall(r"\b[A-Za-z]\w+\b", re.sub(r"/\*.*?\*/|//[^\n]*", " ", raw, flags=re.S)))
    plain = {name.replace("_", "").upper(): name for name in sorted(names)}

    def value(name, here):
        # Some names changed: the first that the header has.
        name = next((one for one in name.split("|") if one in names), name.split("|")[0])
        if name.startswith(">="):
            checks.append(f'say({here} >= {name[2:]}, "{name[2:]}", "{here} at most");')
        elif name in names or "(" in name:
            checks.append(f'same((long long)({name}), {here}, "{name}");')
        else:
            checks.append(f'std::printf("  not in this header: {name}\\n");')

    for line in read(".ci/headers.tsv").splitlines()[1:]:
        wanted, file, here, there = line.split("\t")
        if wanted != header:
            continue
        words = there.split()
        pairs = dict(word.split("=") for word in words if "=" in word)
        if here == "struct":
            size, fields = layout(source(file, folder), known)
            if [field for field, _, _ in fields] != list(pairs):
                stop(f"{file} has other fields than headers.tsv")
            checks.append(f'same(sizeof({words[0]}), {size}, "sizeof({words[0]})");')
            for field, offset, bytes_ in fields:
                part = place(words[0], pairs[field], offset, bytes_)
                before.append(part[0])
                checks.append(part[1])
        elif here == "enum":
            for member, given in members(source(file, folder)).items():
                name = pairs.get(member) or plain.get((words[0] + member).replace("_", "").upper(), words[0] + member)
                value(name, given)
        elif here == "statuses":
            text = source(file, folder)
            for answer, numbers in re.findall(r"^            ([\d or]+) => AmdStatus\.(\w+),", text, re.M):
                given = pairs.pop(numbers, "" if numbers != "Success" else "SUCCESS").split(",")
                for one, name in zip(answer.split(" or "), given, strict=True):
                    value(words[0] + name, one)
            if pairs:
                stop(f"{file} lacks {', '.join(pairs)}")
        else:
            if file == "AmdSmiLayout.Version":
                chosen = re.search(rf"Version{version} = new\(\)\s*\{{(.*?)\}};", source("AmdSmiLayout", folder), re.S)
                if not chosen:
                    checks.append(f'std::printf("  not read of version {version}: {there}\\n");')
                    continue
                given = number(chosen.group(1), here)
            else:
                given = members(source(file, folder))[here] if file == "ThrottleReasons" else number(source(file, folder), here)
            if file == "AmdGpuMetrics" and version and int(version) > number(source("AmdSmiDevice", folder), "NewestMetricsYear"):
                checks.append(f'std::printf("  not read of version {version}: {there}\\n");')
            elif len(words) == 2 and words[0] != "Link" and words[0] not in names:
                checks.append(f'std::printf("  not in this header: {words[0]}\\n");')
            elif len(words) == 2:
                part = place(*words, given)
                before.append(part[0])
                checks.append(part[1])
            else:
                value(there, given)
    return before, checks, known


def check(path, libraries):
    header = os.path.basename(path)
    if header not in HEADERS:
        sys.exit(__doc__)
    prefix, folder, files, define, room = HEADERS[header]
    with open(path, encoding="utf-8", errors="replace") as file:
        raw = file.read()
    version = re.search(r"#define AMDSMI_LIB_VERSION_YEAR (\d+)", raw) or re.search(r"#define AMDSMI_LIB_VERSION_MAJOR (\d+)", raw)
    before, checks, known = rows(header, folder, raw, version and version.group(1))
    if "amdsmi_link_metrics_t" in raw:
        before.insert(0, "using Link = std::remove_reference_t<decltype(((amdsmi_link_metrics_t *)0)->links[0])>;\n")
    elif header == "amdsmi.h":
        before.insert(0, "struct Link { char none; };\n")
    found = imports(prefix, folder, files)
    with tempfile.TemporaryDirectory() as work:
        # One of AMD's headers asks libdrm for what the kernel's headers have as well.
        os.mkdir(f"{work}/libdrm")
        with open(f"{work}/libdrm/drm.h", "w", encoding="utf-8") as file:
            file.write("#include <linux/types.h>\n#include <sys/ioctl.h>\n")
        compiler = [os.environ.get("CXX", "g++"), "-std=c++17", "-w", "-I", os.path.dirname(os.path.dirname(os.path.abspath(path))), "-I", work]
        # Functions whose names NVIDIA gave to newer ones are declared only to who asks for them.
        compiler += [f"-D{define}"] if define else []
        whole = subprocess.run([*compiler, "-E", "-x", "c++", path], stdout=subprocess.PIPE, text=True, check=True).stdout
        checks += functions(found, set(re.findall(r"\b(\w+)\s*\(", whole)), known, room)
        with open(f"{work}/check.cpp", "w", encoding="utf-8") as file:
            file.write(PROGRAM.replace("HEADER", f'"{os.path.abspath(path)}"') + "".join(before) + "int main() {\n    ")
            file.write("\n    ".join(checks) + '\n    std::printf("  %d checked, %d differ\\n", checked, wrong);\n    return wrong != 0;\n}\n')
        subprocess.run([*compiler, f"{work}/check.cpp", "-o", f"{work}/check"], check=True)
        print(f"{path}: {len(found)} functions are looked up", flush=True)
        wrong = subprocess.run([f"{work}/check"], check=False).returncode != 0
    for library in libraries:
        listed = subprocess.run(["nm", "-D", "--defined-only", library], stdout=subprocess.PIPE, text=True, check=True).stdout
        exported = set(re.findall(r" \w (\w+)", listed))
        missing = sorted(name for name, (_, other) in found.items() if name not in exported and other not in exported)
        print(f"{library}: lacks {', '.join(missing) or 'nothing'}", flush=True)
        wrong |= bool(missing)
    return wrong


def functions(found, declared, known, room):
    """The lines that check a header's functions against the C# signatures."""
    checks = []
    for name, (types, _) in sorted(found.items()):
        if name not in declared:
            checks.append(f'std::printf("  not in this header: {name}\\n");')
            continue
        numbers, bytes_ = NUMBERS.get(name, ("", 0))
        shapes = [f"Room<{bytes_}>" if type_ == numbers else shape(type_, known, ROOMS.get(name, room)) for type_ in types]
        if name in UNSIGNED:
            shapes = [one.replace("Unsigned<4>>", "Signed<4>>") for one in shapes]
        # The last of C#'s types is what comes back.
        checks.append(f'FUNCTION({name}, "({", ".join(types[:-1])}) gives {types[-1]}", {", ".join([shapes[-1], *shapes[:-1]])});')
    return checks


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(check(sys.argv[1], sys.argv[2:]))
