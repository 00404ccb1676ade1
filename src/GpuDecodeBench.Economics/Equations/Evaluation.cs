using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>The values of all symbols of a system for one set of inputs.</summary>
public sealed class Evaluation
{
    private readonly EquationSystem _system;
    private readonly double[] _slots;
    private readonly Unit[] _units;
    private readonly string[] _symbols;
    private readonly Lazy<Dictionary<int, ProvenanceNote>> _provenance;

    internal Evaluation(EquationSystem system, double[] slots)
    {
        _system = system;
        _slots = slots;
        _symbols = system.SymbolsBySlot;
        _units = system.UnitsBySlot;
        // Sweeps and searches ask for numbers alone.
        _provenance = new Lazy<Dictionary<int, ProvenanceNote>>(Provenances);
    }

    /// <summary>A symbol's value in its own unit.</summary>
    /// <exception cref="ArgumentException">There is no such symbol, or its value is not known.</exception>
    public double this[string symbol]
    {
        get
        {
            int slot = _system.SlotOf(symbol);
            double value = _units[slot].FromBase(_slots[slot]);
            return double.IsFinite(value) ? value : throw Unknown(symbol);
        }
    }

    /// <summary>A symbol's value in base units; not a number where it is not known.</summary>
    /// <exception cref="ArgumentException">There is no such symbol.</exception>
    public double InBaseUnits(string symbol) => _slots[_system.SlotOf(symbol)];

    /// <summary>Whether a result is computed from an input; see <see cref="EquationSystem.DependsOn"/>.</summary>
    internal bool DependsOn(string result, string input) => _system.Defines(input) && _system.DependsOn(result, input);

    /// <summary>A symbol's value in its own unit, with where it comes from.</summary>
    /// <exception cref="ArgumentException">There is no such symbol.</exception>
    public Figure Figure(string symbol)
    {
        int slot = _system.SlotOf(symbol);
        double value = _units[slot].FromBase(_slots[slot]);
        return double.IsFinite(value)
            ? new Figure(value, _provenance.Value[slot])
            : Records.Figure.Unavailable(
                _provenance.Value[slot].Reason ?? "notFinite",
                _provenance.Value[slot].Detail ?? "the equations give no finite number"
            );
    }

    /// <summary>A symbol's value with its unit, for people.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="digits">Significant digits.</param>
    /// <exception cref="ArgumentException">There is no such symbol.</exception>
    public string Format(string symbol, int digits = 4)
    {
        int slot = _system.SlotOf(symbol);
        return _units[slot].Format(_slots[slot], digits);
    }

    /// <summary>An input's value with its unit, for people, with the digits that were given.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <exception cref="ArgumentException">There is no such symbol.</exception>
    public string FormatGiven(string symbol)
    {
        int slot = _system.SlotOf(symbol);
        return _units[slot].FormatGiven(_slots[slot]);
    }

    /// <summary>The derivation of symbols: what each needs first, inputs where they are first needed, nothing twice.</summary>
    /// <exception cref="ArgumentException">There is no such symbol.</exception>
    public IReadOnlyList<DerivationLine> Explain(params IReadOnlyList<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        var lines = new List<DerivationLine>();
        var done = new HashSet<int>();
        foreach (string symbol in symbols)
        {
            Explain(_system.SlotOf(symbol), lines, done);
        }

        return lines;
    }

    private void Explain(int slot, List<DerivationLine> lines, HashSet<int> done)
    {
        if (!done.Add(slot))
        {
            return;
        }

        string value = Written(slot);
        int at = 0;
        while (at < _system.Ordered.Count && _system.Ordered[at].Slot != slot)
        {
            at++;
        }

        if (at == _system.Ordered.Count)
        {
            ModelInput input = _system.Inputs.Single(candidate => _system.SlotOf(candidate.Symbol) == slot);
            lines.Add(new DerivationLine(input.Symbol, input.Name, value, null, null, input.Provenance, null));
            return;
        }

        (Equation equation, _, Expression expression, _) = _system.Ordered[at];
        var needed = new SortedSet<int>();
        expression.AddSymbols(needed);
        foreach (int need in needed)
        {
            Explain(need, lines, done);
        }

        lines.Add(
            new DerivationLine(
                equation.Symbol,
                equation.Name,
                value,
                expression.Write(need => _symbols[need]),
                expression.Write(Written),
                _provenance.Value[slot],
                equation.Source
            )
        );
    }

    /// <summary>A slot's value for a derivation: what was given with all its digits, what was computed rounded.</summary>
    private string Written(int slot) =>
        slot < _system.Inputs.Count ? _units[slot].FormatGiven(_slots[slot]) : _units[slot].Format(_slots[slot]);

    private ArgumentException Unknown(string symbol)
    {
        ProvenanceNote note = Figure(symbol).Provenance;
        return new ArgumentException(
            $"The value of '{symbol}' is not known: {note.Detail ?? note.Reason}.",
            nameof(symbol)
        );
    }

    private Dictionary<int, ProvenanceNote> Provenances()
    {
        var notes = new Dictionary<int, ProvenanceNote>();
        foreach (ModelInput input in _system.Inputs)
        {
            notes[_system.SlotOf(input.Symbol)] = input.Provenance;
        }

        foreach ((Equation equation, _, Expression expression, int slot) in _system.Ordered)
        {
            var needed = new SortedSet<int>();
            expression.AddSymbols(needed);
            notes[slot] = double.IsNaN(_slots[slot])
                ? WhyUnknown(equation, needed, notes)
                : DerivedProvenance.Of(needed.Select(need => (_symbols[need], notes[need])));
        }

        return notes;
    }

    private ProvenanceNote WhyUnknown(Equation equation, SortedSet<int> needed, Dictionary<int, ProvenanceNote> notes)
    {
        foreach (int need in needed.Where(need => double.IsNaN(_slots[need])))
        {
            ProvenanceNote note = notes[need];
            return ProvenanceNote.Unavailable(
                note.Reason ?? "unknown",
                note.Detail ?? $"{_symbols[need]} is not known, so {equation.Symbol} is not"
            );
        }

        return ProvenanceNote.Unavailable("notANumber", $"{equation.Symbol} = {equation.Formula} has no value here");
    }
}
