namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>Finds what a module declares without decoding the kernels' bodies.</summary>
internal sealed class ModuleScanner(string text)
{
    public Version Version { get; private set; } = new(0, 0);

    public string Target { get; private set; } = "";

    public Dictionary<string, VariableDeclaration> Variables { get; } = [];

    public List<KernelHeader> Kernels { get; } = [];

    public HashSet<string> Functions { get; } = [];

    public void Scan()
    {
        var cursor = new TextCursor(text, 0, 1, text.Length);
        while (true)
        {
            cursor.SkipBlank();
            if (cursor.AtEnd)
            {
                break;
            }
            TopLevel(ref cursor);
        }
        if (Target.Length == 0)
        {
            throw new PtxException("no .target directive", cursor.Line, "");
        }
    }

    private void TopLevel(ref TextCursor cursor)
    {
        var line = cursor.Line;
        var start = cursor;
        var word = cursor.Word();
        switch (word)
        {
            case ".version":
                cursor.SkipBlank();
                var digits = cursor.Word();
                Version = Version.TryParse(digits, out var version)
                    ? version
                    : throw new PtxException("cannot read the version", line, digits);
                break;
            case ".target":
                cursor.SkipBlank();
                Target = cursor.Word();
                cursor.SkipLine();
                break;
            case ".address_size":
                cursor.SkipBlank();
                if (cursor.Word() is not "64" and var size)
                {
                    throw new PtxException("only 64-bit addresses are known", line, $".address_size {size}");
                }
                break;
            case ".file" or ".loc":
                cursor.SkipLine();
                break;
            case ".section":
                while (!cursor.AtEnd && cursor.Current != '{')
                {
                    cursor.Advance();
                }
                cursor.SkipBraces();
                break;
            case ".visible" or ".weak" or ".extern" or ".common" or ".entry" or ".func":
                Linked(ref cursor, start, word, line);
                break;
            case ".global" or ".const" or ".shared":
                cursor = start;
                Variable(ref cursor, line);
                break;
            default:
                throw new PtxException(
                    "unknown directive at module level",
                    line,
                    word.Length > 0 ? word : $"{cursor.Current}"
                );
        }
    }

    private void Linked(ref TextCursor cursor, TextCursor start, string word, int line)
    {
        var linkage = word;
        while (word is ".visible" or ".weak" or ".extern" or ".common")
        {
            linkage = word;
            cursor.SkipBlank();
            word = cursor.Word();
        }
        switch (word)
        {
            case ".entry":
                Entry(ref cursor, line);
                break;
            case ".func":
                Function(ref cursor, linkage, line);
                break;
            default:
                cursor = start;
                Variable(ref cursor, line);
                break;
        }
    }

    private void Variable(ref TextCursor cursor, int line)
    {
        var variable = DeclarationParser.Parse(cursor.Statement(), line);
        Variables[variable.Name] = variable;
    }

    // Calls are refused where they are decoded; a function's text is only stepped over.
    private void Function(ref TextCursor cursor, string linkage, int line)
    {
        var declaration = "";
        while (!cursor.AtEnd)
        {
            cursor.SkipBlank();
            if (cursor.Current == ';' || cursor.AtEnd)
            {
                break;
            }
            if (cursor.Current == '{')
            {
                cursor.SkipBraces();
                Functions.Add(declaration);
                return;
            }
            declaration += cursor.Current;
            cursor.Advance();
        }
        if (cursor.AtEnd)
        {
            throw new PtxException($"{linkage} function without an end", line, declaration);
        }
        cursor.Advance();
        Functions.Add(declaration);
    }

    private void Entry(ref TextCursor cursor, int line)
    {
        cursor.SkipBlank();
        var header = new KernelHeader(cursor.Word(), line);
        cursor.SkipBlank();
        if (cursor.Current == '(')
        {
            cursor.Advance();
            Parameters(ref cursor, header);
        }
        while (true)
        {
            cursor.SkipBlank();
            if (cursor.Current == '{')
            {
                break;
            }
            PerformanceDirective(ref cursor, header);
        }
        header.BodyPosition = cursor.Position + 1;
        header.BodyLine = cursor.Line;
        cursor.SkipBraces();
        header.BodyEnd = cursor.Position;
        Kernels.Add(header);
    }

    private static void Parameters(ref TextCursor cursor, KernelHeader header)
    {
        var line = cursor.Line;
        var builder = new System.Text.StringBuilder();
        while (true)
        {
            cursor.SkipBlank();
            var c = cursor.Current;
            if (c is ',' or ')' or '\0')
            {
                if (builder.Length > 0)
                {
                    header.Add(DeclarationParser.Parse(builder.ToString(), line));
                }
                builder.Clear();
                if (cursor.AtEnd)
                {
                    throw new PtxException("parameter list without an end", line, header.Name);
                }
                cursor.Advance();
                if (c == ')')
                {
                    return;
                }
                line = cursor.Line;
                continue;
            }
            // A word at a time, so that blanks between words survive the skipping of comments.
            var word = cursor.Word();
            if (word.Length > 0)
            {
                builder.Append(' ').Append(word);
                continue;
            }
            builder.Append(c);
            cursor.Advance();
        }
    }

    private static void PerformanceDirective(ref TextCursor cursor, KernelHeader header)
    {
        var line = cursor.Line;
        var word = cursor.Word();
        switch (word)
        {
            case ".maxntid"
            or ".reqntid"
            or ".minnctapersm"
            or ".maxnreg"
            or ".maxnctapersm"
            or ".reqnctapercluster"
            or ".maxclusterrank":
                var product = 1;
                do
                {
                    cursor.SkipBlank();
                    if (cursor.Current == ',')
                    {
                        cursor.Advance();
                        cursor.SkipBlank();
                    }
                    product *= int.Parse(cursor.Word(), System.Globalization.CultureInfo.InvariantCulture);
                    cursor.SkipBlank();
                } while (cursor.Current == ',');
                header.Limits[word] = product;
                break;
            case ".pragma":
                cursor.Statement();
                break;
            case ".noreturn" or ".explicitcluster" or ".blocksareclusters":
                break;
            default:
                throw new PtxException(
                    "unknown directive of a kernel",
                    line,
                    word.Length > 0 ? word : $"{cursor.Current}"
                );
        }
    }
}
