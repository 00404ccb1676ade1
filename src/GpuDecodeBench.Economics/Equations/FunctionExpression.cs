namespace GpuDecodeBench.Economics.Equations;

/// <summary>A function of one or more parts; <see cref="FormulaParser"/> lists them.</summary>
internal sealed class FunctionExpression(string name, IReadOnlyList<Expression> parts, Dimension dimension) : Expression
{
    public override Dimension Dimension => dimension;

    public override double Evaluate(ReadOnlySpan<double> slots)
    {
        double first = parts[0].Evaluate(slots);
        if (name == "if")
        {
            // The branch that is not taken may lack a value.
            return double.IsNaN(first) ? first : parts[first != 0 ? 1 : 2].Evaluate(slots);
        }

        if (name is "min" or "max")
        {
            double best = first;
            for (int i = 1; i < parts.Count; i++)
            {
                double next = parts[i].Evaluate(slots);
                best = name == "min" ? Math.Min(best, next) : Math.Max(best, next);
            }

            return best;
        }

        return name switch
        {
            "ceil" => Math.Ceiling(first),
            "floor" => Math.Floor(first),
            "abs" => Math.Abs(first),
            "sqrt" => Math.Sqrt(first),
            "exp" => Math.Exp(first),
            "ln" => Math.Log(first),
            "log2" => Math.Log2(first),
            _ => -first,
        };
    }

    public override string Write(Func<int, string> symbol) =>
        name == "−"
            ? $"−{Within(parts[0], 4, symbol)}"
            : $"{name}({string.Join(", ", parts.Select(part => part.Write(symbol)))})";

    public override string Script(Func<int, string> symbol)
    {
        string[] scripts = [.. parts.Select(part => part.Script(symbol))];
        return name switch
        {
            "if" => $"(c=>c!==c?c:c!==0?{scripts[1]}:{scripts[2]})({scripts[0]})",
            "−" => $"(-{scripts[0]})",
            "ln" => $"Math.log({scripts[0]})",
            _ => $"Math.{name}({string.Join(',', scripts)})",
        };
    }

    public override void AddSymbols(ISet<int> slots)
    {
        foreach (Expression part in parts)
        {
            part.AddSymbols(slots);
        }
    }
}
