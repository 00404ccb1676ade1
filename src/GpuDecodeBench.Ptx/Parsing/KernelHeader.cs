namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>A kernel's name, parameters and limits, and where its body stands.</summary>
internal sealed class KernelHeader(string name, int line)
{
    public string Name { get; } = name;

    public int Line { get; } = line;

    public List<VariableDeclaration> Parameters { get; } = [];

    public int ParameterBytes { get; private set; }

    public Dictionary<string, int> Limits { get; } = [];

    public int BodyPosition { get; set; }

    public int BodyLine { get; set; }

    public int BodyEnd { get; set; }

    /// <summary>Adds a parameter after those there are, at its alignment.</summary>
    public void Add(VariableDeclaration parameter)
    {
        var offset = (ParameterBytes + parameter.AlignBytes - 1) / parameter.AlignBytes * parameter.AlignBytes;
        parameter.OffsetBytes = offset;
        ParameterBytes = offset + (int)parameter.Bytes;
        Parameters.Add(parameter);
    }
}
