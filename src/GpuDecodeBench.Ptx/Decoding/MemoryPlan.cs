using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Lays out a kernel's shared and local variables and says what a symbol stands for.</summary>
internal sealed class MemoryPlan
{
    private readonly Dictionary<string, VariableDeclaration> _variables = new(StringComparer.Ordinal);

    public MemoryPlan(PtxModule module, KernelHeader header, KernelBody body)
    {
        // Shared variables of the module count only for kernels that name them.
        var named = module.Variables.Count > 0 ? NamesIn(body) : [];
        var dynamic = new List<VariableDeclaration>();
        foreach (
            var variable in module.Variables.Values.Where(v => named.Contains(v.Name)).Concat(body.Variables.Values)
        )
        {
            var placed = variable with { };
            _variables[variable.Name] = placed;
            switch (variable.Space)
            {
                case "shared" when variable.Unsized:
                    dynamic.Add(placed);
                    break;
                case "shared":
                    StaticSharedBytes = Place(placed, StaticSharedBytes);
                    break;
                case "local":
                    LocalBytes = Place(placed, LocalBytes);
                    break;
                default:
                    break;
            }
        }
        foreach (var variable in dynamic)
        {
            UsesDynamicShared = true;
            StaticSharedBytes = AlignUp(StaticSharedBytes, Math.Max(variable.AlignBytes, 16));
        }
        foreach (var variable in dynamic)
        {
            variable.OffsetBytes = StaticSharedBytes;
        }
        foreach (var parameter in header.Parameters)
        {
            _variables[parameter.Name] = parameter;
        }
    }

    public int StaticSharedBytes { get; private set; }

    public int LocalBytes { get; private set; }

    public bool UsesDynamicShared { get; private set; }

    public VariableDeclaration? Find(string symbol) => _variables.GetValueOrDefault(symbol);

    private static int Place(VariableDeclaration variable, int used)
    {
        variable.OffsetBytes = AlignUp(used, variable.AlignBytes);
        return (int)(variable.OffsetBytes + variable.Bytes);
    }

    private static int AlignUp(int value, int alignment) => (value + alignment - 1) / alignment * alignment;

    private static HashSet<string> NamesIn(KernelBody body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var instruction in body.Instructions)
        {
            foreach (var operand in instruction.Operands)
            {
                Add(operand, names);
            }
        }
        return names;
    }

    private static void Add(Operand operand, HashSet<string> names)
    {
        if (operand.Form == OperandForm.Symbol)
        {
            names.Add(operand.Text);
        }
        foreach (var element in operand.Elements)
        {
            Add(element, names);
        }
    }
}
