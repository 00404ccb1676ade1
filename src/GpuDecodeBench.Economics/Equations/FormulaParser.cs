using System.Globalization;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// Reads formulas. There may stand: symbols; numbers, with a unit in brackets where they have one (<c>2[FLOP/tok]</c>);
/// <c>+ - × * / ^</c> and parentheses; comparisons <c>&lt; &gt; ≤ &lt;= ≥ &gt;= =</c> as the first part of
/// <c>if(condition, then, else)</c>; <c>min</c> and <c>max</c> of several parts; <c>ceil floor abs sqrt exp ln log2</c> of one. Dimensions
/// are checked while reading: what is added, compared or chosen between must have the same; exponents, logarithms and
/// exponentials take plain numbers, and what has a dimension takes whole exponents only.
/// </summary>
/// <remarks>
/// Own code, though packages read formulas too: they know no units, and it is for the units that formulas are kept as text.
/// </remarks>
internal sealed class FormulaParser
{
    private readonly string _text;
    private readonly Func<string, (int Slot, Dimension Dimension)?> _lookUp;
    private int _at;

    private FormulaParser(string text, Func<string, (int Slot, Dimension Dimension)?> lookUp)
    {
        _text = text;
        _lookUp = lookUp;
    }

    /// <summary>Reads a formula.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="lookUp">The slot and dimension of a symbol; null where there is none of that name.</param>
    /// <exception cref="FormatException">It cannot be read, names an unknown symbol, or its dimensions do not fit.</exception>
    public static Expression Parse(string text, Func<string, (int Slot, Dimension Dimension)?> lookUp)
    {
        var parser = new FormulaParser(text, lookUp);
        Expression expression = parser.Comparison();
        return parser.Peek() == '\0' ? expression : throw parser.Problem($"'{parser.Peek()}' is not expected");
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private Expression Comparison()
    {
        Expression left = Sum();
        string sign = Peek() switch
        {
            '<' or '>' when _at + 1 < _text.Length && _text[_at + 1] == '=' => _text.Substring(_at, 2),
            '<' or '>' or '≤' or '≥' or '=' => _text.Substring(_at, 1),
            _ => string.Empty,
        };
        if (sign.Length == 0)
        {
            return left;
        }

        _at += sign.Length;
        Expression right = Sum();
        Same(left, right, "compared");
        char one = sign switch
        {
            "<=" => '≤',
            ">=" => '≥',
            _ => sign[0],
        };
        return new OperatorExpression(one, left, right, Dimension.None);
    }

    private Expression Sum()
    {
        Expression left = Product();
        while (Peek() is '+' or '-' or '−')
        {
            char sign = _text[_at++] == '+' ? '+' : '−';
            Expression right = Product();
            Same(left, right, sign == '+' ? "added" : "subtracted");
            left = new OperatorExpression(sign, left, right, left.Dimension);
        }

        return left;
    }

    private Expression Product()
    {
        Expression left = Power();
        while (Peek() is '×' or '*' or '/' or '÷')
        {
            char sign = _text[_at++] is '/' or '÷' ? '/' : '×';
            Expression right = Power();
            Dimension dimension = sign == '/' ? left.Dimension / right.Dimension : left.Dimension * right.Dimension;
            left = new OperatorExpression(sign, left, right, dimension);
        }

        return left;
    }

    private Expression Power()
    {
        Expression left = Primary();
        if (Peek() != '^')
        {
            return left;
        }

        _at++;
        Expression right = Power();
        Plain(right, "an exponent");
        if (left.Dimension == Dimension.None)
        {
            return new OperatorExpression('^', left, right, Dimension.None);
        }

        int whole =
            (right as ConstantExpression)?.Whole
            ?? throw Problem($"what has the dimension {left.Dimension} takes only whole numbers as exponents");
        return new OperatorExpression('^', left, right, left.Dimension.Power(whole));
    }

    private Expression Primary()
    {
        char c = Peek();
        if (c is '-' or '−')
        {
            _at++;
            Expression part = Power();
            return new FunctionExpression("−", [part], part.Dimension);
        }

        if (c == '(')
        {
            _at++;
            Expression inner = Comparison();
            Expect(')');
            return inner;
        }

        if (char.IsAsciiDigit(c))
        {
            return Number();
        }

        return char.IsLetter(c)
            ? SymbolOrFunction()
            : throw Problem(c == '\0' ? "a part is missing at its end" : $"'{c}' is not expected");
    }

    private ConstantExpression Number()
    {
        int start = _at;
        while (
            _at < _text.Length
            && (
                char.IsAsciiDigit(_text[_at])
                || _text[_at] is '.' or 'e' or 'E'
                || (_text[_at] is '-' or '+' && _text[_at - 1] is 'e' or 'E')
            )
        )
        {
            _at++;
        }

        string digits = _text[start.._at];
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            throw Problem($"'{digits}' is no number");
        }

        if (_at >= _text.Length || _text[_at] != '[')
        {
            return new ConstantExpression(value, Unit.One);
        }

        int end = _text.IndexOf(']', _at);
        if (end < 0)
        {
            throw Problem("a bracket is not closed");
        }

        Unit unit = Unit.Parse(_text[(_at + 1)..end]);
        _at = end + 1;
        return new ConstantExpression(value, unit);
    }

    private Expression SymbolOrFunction()
    {
        int start = _at;
        while (_at < _text.Length && IsNamePart(_text[_at]))
        {
            _at++;
        }

        string name = _text[start.._at];
        if (Peek() == '(')
        {
            return Function(name);
        }

        return _lookUp(name) is (int slot, Dimension dimension)
            ? new SymbolExpression(slot, dimension)
            : throw Problem($"the symbol '{name}' is not known");
    }

    private FunctionExpression Function(string name)
    {
        Expect('(');
        var parts = new List<Expression> { Comparison() };
        while (Peek() == ',')
        {
            _at++;
            parts.Add(Comparison());
        }

        Expect(')');
        switch (name)
        {
            case "min" or "max" when parts.Count > 1:
                parts.ForEach(part => Same(parts[0], part, "compared"));
                return new FunctionExpression(name, parts, parts[0].Dimension);
            case "if" when parts.Count == 3:
                Plain(parts[0], "a condition");
                Same(parts[1], parts[2], "chosen between");
                return new FunctionExpression(name, parts, parts[1].Dimension);
            case "abs" when parts.Count == 1:
                return new FunctionExpression(name, parts, parts[0].Dimension);
            case "ceil" or "floor" or "sqrt" or "exp" or "ln" or "log2" when parts.Count == 1:
                Plain(parts[0], name);
                return new FunctionExpression(name, parts, Dimension.None);
            default:
                throw Problem($"there is no function '{name}' of {parts.Count} parts");
        }
    }

    private void Same(Expression a, Expression b, string what)
    {
        if (a.Dimension != b.Dimension)
        {
            throw Problem($"{a.Dimension} and {b.Dimension} cannot be {what}");
        }
    }

    private void Plain(Expression part, string what)
    {
        if (part.Dimension != Dimension.None)
        {
            throw Problem($"{what} takes a plain number, not {part.Dimension}");
        }
    }

    private void Expect(char c)
    {
        if (Peek() != c)
        {
            throw Problem($"'{c}' is missing");
        }

        _at++;
    }

    /// <summary>The next character that is not blank; zero at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private FormatException Problem(string problem) => new($"In the formula '{_text}', at {_at + 1}: {problem}.");
}
