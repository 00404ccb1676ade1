namespace GpuDecodeBench.Economics.Equations;

/// <summary>Two parts with an operator between them: <c>+ − × / ^</c> or a comparison, which is 1 where it holds and else 0.</summary>
internal sealed class OperatorExpression : Expression
{
    private readonly char _operator;
    private readonly Expression _left;
    private readonly Expression _right;

    public OperatorExpression(char sign, Expression left, Expression right, Dimension dimension)
    {
        _operator = sign;
        _left = left;
        _right = right;
        Dimension = dimension;
    }

    public override Dimension Dimension { get; }

    public override int Binding =>
        _operator switch
        {
            '<' or '>' or '≤' or '≥' or '=' => 0,
            '+' or '−' => 1,
            '×' or '/' => 2,
            _ => 3,
        };

    public override double Evaluate(ReadOnlySpan<double> slots)
    {
        double left = _left.Evaluate(slots);
        double right = _right.Evaluate(slots);
        return _operator switch
        {
            '+' => left + right,
            '−' => left - right,
            '×' => left * right,
            '/' => left / right,
            '^' => Math.Pow(left, right),
            _ when double.IsNaN(left) || double.IsNaN(right) => double.NaN,
            '<' => left < right ? 1 : 0,
            '>' => left > right ? 1 : 0,
            '≤' => left <= right ? 1 : 0,
            '≥' => left >= right ? 1 : 0,
            _ => left == right ? 1 : 0,
        };
    }

    public override string Write(Func<int, string> symbol)
    {
        // a − (b − c), a / (b × c) and (a ^ b) ^ c keep their parentheses.
        bool rightIsTighter = _operator is '−' or '/';
        string left = Within(_left, _operator == '^' ? Binding + 1 : Binding, symbol);
        string right = Within(_right, rightIsTighter ? Binding + 1 : Binding, symbol);
        return _operator == '^' ? $"{left}^{right}" : $"{left} {_operator} {right}";
    }

    public override string Script(Func<int, string> symbol)
    {
        string left = _left.Script(symbol);
        string right = _right.Script(symbol);
        return _operator switch
        {
            '+' => $"({left}+{right})",
            '−' => $"({left}-{right})",
            '×' => $"({left}*{right})",
            '/' => $"({left}/{right})",
            '^' => $"Math.pow({left},{right})",
            // Nothing is known of a comparison with what is not known; JavaScript would call it false.
            _ => $"((a,b)=>a!==a||b!==b?NaN:a{Comparison()}b?1:0)({left},{right})",
        };
    }

    private string Comparison() =>
        _operator switch
        {
            '≤' => "<=",
            '≥' => ">=",
            '=' => "===",
            _ => _operator.ToString(),
        };

    public override void AddSymbols(ISet<int> slots)
    {
        _left.AddSymbols(slots);
        _right.AddSymbols(slots);
    }
}
