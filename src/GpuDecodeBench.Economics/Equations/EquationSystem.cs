namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// Inputs and equations that fit together: every symbol is defined once, every formula's dimension is its symbol's, and nothing
/// depends on itself. Where an input has the symbol of an equation, the input is taken and the equation left out: what was measured
/// or is known takes the place of what would be computed.
/// </summary>
public sealed class EquationSystem
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<(Equation Equation, Unit Unit, Expression Expression, int Slot)> _ordered = [];

    private EquationSystem(IReadOnlyList<ModelInput> inputs, IReadOnlyList<Equation> equations)
    {
        Inputs = inputs;
        foreach (ModelInput input in inputs)
        {
            AddSymbol(input.Symbol);
        }

        Equation[] used = [.. equations.Where(equation => !_slots.ContainsKey(equation.Symbol))];
        var units = new Dictionary<string, Unit>(StringComparer.Ordinal);
        foreach (ModelInput input in inputs)
        {
            units.Add(input.Symbol, input.Unit);
        }

        foreach (Equation equation in used)
        {
            AddSymbol(equation.Symbol);
            units.Add(equation.Symbol, Unit.Parse(equation.Unit));
        }

        Order([.. used.Select(equation => Read(equation, units))], units);
        SymbolsBySlot = new string[SlotCount];
        UnitsBySlot = new Unit[SlotCount];
        foreach ((string symbol, int slot) in _slots)
        {
            SymbolsBySlot[slot] = symbol;
            UnitsBySlot[slot] = units[symbol];
        }
    }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<ModelInput> Inputs { get; }

    /// <summary>The equations in use, each behind those that it needs.</summary>
    public IEnumerable<Equation> Equations => _ordered.Select(entry => entry.Equation);

    /// <summary>How many symbols there are: the length of the slots of <see cref="Evaluate(Span{double})"/>.</summary>
    internal int SlotCount => _slots.Count;

    /// <summary>Puts inputs and equations together.</summary>
    /// <exception cref="FormatException">A symbol is defined twice or not at all, dimensions do not fit, or a circle was found.</exception>
    public static EquationSystem Create(IEnumerable<ModelInput> inputs, IEnumerable<Equation> equations) =>
        new([.. inputs], [.. equations]);

    /// <summary>Whether a symbol is defined.</summary>
    public bool Defines(string symbol) => _slots.ContainsKey(symbol);

    /// <summary>Whether a symbol is computed from an input, directly or through other equations.</summary>
    /// <param name="result">The symbol.</param>
    /// <param name="input">The input's symbol; itself counts.</param>
    /// <param name="without">Symbols that are of no account here, for example what a zero is multiplied by; what they need is not looked at.</param>
    /// <exception cref="ArgumentException">The result or the input is not defined.</exception>
    public bool DependsOn(string result, string input, params IReadOnlyList<string> without)
    {
        ArgumentNullException.ThrowIfNull(without);
        int wanted = SlotOf(input);
        HashSet<int> left = [.. without.Where(Defines).Select(SlotOf)];
        var needed = new HashSet<int> { SlotOf(result) };
        // Every equation stands behind those that it needs, so that one pass from the last to the first sees all of them.
        for (int i = _ordered.Count - 1; i >= 0; i--)
        {
            if (needed.Contains(_ordered[i].Slot) && !left.Contains(_ordered[i].Slot))
            {
                _ordered[i].Expression.AddSymbols(needed);
            }
        }

        return needed.Contains(wanted);
    }

    /// <summary>The same equations with some inputs changed.</summary>
    /// <param name="values">New likely values by symbol, in the inputs' own units.</param>
    /// <exception cref="ArgumentException">There is no such input.</exception>
    public Evaluation Evaluate(IReadOnlyDictionary<string, double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] slots = LikelySlots();
        foreach ((string symbol, double value) in values)
        {
            ModelInput input =
                Inputs.FirstOrDefault(candidate => candidate.Symbol == symbol)
                ?? throw new ArgumentException($"There is no input '{symbol}'.", nameof(values));
            slots[_slots[symbol]] = input.Unit.ToBase(value);
        }

        Evaluate(slots);
        return new Evaluation(this, slots);
    }

    /// <summary>Everything computed from the likely values.</summary>
    public Evaluation Evaluate() => Evaluate(new Dictionary<string, double>());

    /// <summary>The slot of a symbol.</summary>
    /// <exception cref="ArgumentException">There is no such symbol.</exception>
    internal int SlotOf(string symbol) =>
        _slots.TryGetValue(symbol, out int slot)
            ? slot
            : throw new ArgumentException($"There is no symbol '{symbol}'.", nameof(symbol));

    /// <summary>A slot for every symbol, inputs filled with their likely values in base units.</summary>
    internal double[] LikelySlots()
    {
        double[] slots = new double[SlotCount];
        foreach (ModelInput input in Inputs)
        {
            slots[_slots[input.Symbol]] = input.BaseValue;
        }

        return slots;
    }

    /// <summary>Computes every equation from the inputs in the slots; allocates nothing.</summary>
    internal void Evaluate(Span<double> slots)
    {
        foreach ((_, _, Expression expression, int slot) in _ordered)
        {
            slots[slot] = expression.Evaluate(slots);
        }
    }

    /// <summary>The equations in order with what was read of them.</summary>
    internal IReadOnlyList<(Equation Equation, Unit Unit, Expression Expression, int Slot)> Ordered => _ordered;

    /// <summary>Symbols by slot.</summary>
    internal string[] SymbolsBySlot { get; }

    /// <summary>The symbols' units by slot.</summary>
    internal Unit[] UnitsBySlot { get; }

    /// <summary>
    /// What must be computed anew for one result when some inputs change, in order: the equations that it needs and that need one of
    /// those inputs. All others keep the values that they had.
    /// </summary>
    /// <param name="result">The slot of the result.</param>
    /// <param name="changed">The slots of the inputs that change.</param>
    internal (Expression Expression, int Slot)[] Between(IEnumerable<int> changed, int result)
    {
        var moved = new HashSet<int>(changed);
        var needed = new HashSet<int> { result };
        foreach ((_, _, Expression expression, int slot) in _ordered)
        {
            if (SymbolsOf(expression).Overlaps(moved))
            {
                moved.Add(slot);
            }
        }

        var between = new List<(Expression, int)>();
        foreach ((_, _, Expression expression, int slot) in Enumerable.Reverse(_ordered))
        {
            if (needed.Contains(slot) && moved.Contains(slot))
            {
                expression.AddSymbols(needed);
                between.Add((expression, slot));
            }
        }

        between.Reverse();
        return [.. between];
    }

    private static HashSet<int> SymbolsOf(Expression expression)
    {
        var symbols = new HashSet<int>();
        expression.AddSymbols(symbols);
        return symbols;
    }

    private void AddSymbol(string symbol)
    {
        if (symbol.Length == 0 || !char.IsLetter(symbol[0]) || !symbol.All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            throw new FormatException($"'{symbol}' is no symbol: a letter, then letters, digits and underscores.");
        }

        if (!_slots.TryAdd(symbol, _slots.Count))
        {
            throw new FormatException($"The symbol '{symbol}' is defined twice.");
        }
    }

    private (Equation Equation, Expression Expression, HashSet<int> Needed) Read(
        Equation equation,
        Dictionary<string, Unit> units
    )
    {
        Expression expression = FormulaParser.Parse(
            equation.Formula,
            name => _slots.TryGetValue(name, out int slot) ? (slot, units[name].Dimension) : null
        );
        Dimension declared = units[equation.Symbol].Dimension;
        return expression.Dimension == declared
            ? (equation, expression, SymbolsOf(expression))
            : throw new FormatException(
                $"{equation.Symbol} is said to be in {equation.Unit} ({declared}), but '{equation.Formula}' is {expression.Dimension}."
            );
    }

    /// <summary>Puts every equation behind those that it needs; keeps the given order where that allows it.</summary>
    private void Order(
        List<(Equation Equation, Expression Expression, HashSet<int> Needed)> left,
        Dictionary<string, Unit> units
    )
    {
        var known = new HashSet<int>(Inputs.Select(input => _slots[input.Symbol]));
        while (left.Count > 0)
        {
            int next = left.FindIndex(entry => entry.Needed.IsSubsetOf(known));
            if (next < 0)
            {
                throw new FormatException(
                    $"These symbols depend on each other in a circle: {string.Join(", ", left.Select(entry => entry.Equation.Symbol))}."
                );
            }

            (Equation equation, Expression expression, _) = left[next];
            left.RemoveAt(next);
            int slot = _slots[equation.Symbol];
            known.Add(slot);
            _ordered.Add((equation, units[equation.Symbol], expression, slot));
        }
    }
}
