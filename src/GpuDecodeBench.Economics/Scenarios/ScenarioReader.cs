using System.Globalization;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>
/// Reads a user's scenario: YAML, or JSON, which is YAML too. Everything may be left out; what is there must be known and make sense.
/// <see cref="ScenarioTemplate"/> writes one with every key.
/// </summary>
public static class ScenarioReader
{
    private const long LargestFile = 1_000_000;
    private static readonly string[] Keys = ["name", "ownership", "facility", "cooling", "region", "values"];
    private static readonly string[] ValueKeys = ["low", "likely", "high", "source"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">The device's name in the hardware catalogue, for what is assumed of it; null where it is not known.</param>
    /// <exception cref="InputException">It cannot be read, or something in it is not accepted.</exception>
    public static Scenario Read(string path, string? device) => Parse(ReadText(path), path, device);

    /// <summary>The text of a file of a sensible size.</summary>
    internal static string ReadText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new InputException(
                    $"The scenario '{path}' {(Directory.Exists(path) ? "is a folder" : "does not exist")}; give a file."
                );
            }

            return file.Length > LargestFile
                ? throw new InputException(
                    $"The scenario '{path}' has {file.Length} bytes; at most {LargestFile} are accepted."
                )
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The scenario '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a mapping of symbols to values, each a number or low, likely, high and source.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What the text is called in messages.</param>
    /// <param name="known">The inputs that may be given; those that are not given are left out of the result.</param>
    /// <exception cref="InputException">Something in it is not accepted.</exception>
    public static IReadOnlyList<ModelInput> ReadValues(string text, string name, IEnumerable<ModelInput> known)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(known);
        Dictionary<string, ModelInput> inputs = known.ToDictionary(input => input.Symbol, StringComparer.Ordinal);
        YamlMappingNode root = Root(text, name);
        Check(root, inputs.Keys, name, "the scenario");
        return [.. root.Children.Select(pair => Value(inputs[((YamlScalarNode)pair.Key).Value!], pair.Value, name))];
    }

    /// <summary>The scenario that holds where none is given.</summary>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    public static Scenario Default(string? device) => Parse("{}", "the default", device);

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What the text is called in messages.</param>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    /// <exception cref="InputException">Something in it is not accepted.</exception>
    public static Scenario Parse(string text, string name, string? device)
    {
        YamlMappingNode root = Root(text, name);
        CheckNesting(root, name);
        Check(root, Keys, name, "the scenario");
        var ownership = Choice(root, "ownership", Ownership.Rented, name);
        var facility = Choice(root, "facility", FacilityMode.OnePue, name);
        var cooling = Choice(root, "cooling", Cooling.Liquid, name);
        string? region = Word(root, "region");
        CheckRegion(region, name);
        string[] holdsFor = HoldsFor(device, region, cooling, ownership);
        var inputs = AssumptionCatalogue.Inputs(holdsFor).ToDictionary(input => input.Symbol, StringComparer.Ordinal);
        if (root.Children.TryGetValue("values", out YamlNode? values) && !IsEmpty(values))
        {
            var mapping =
                values as YamlMappingNode
                ?? throw new InputException($"In {name}, 'values' must hold symbols with their values.");
            Check(mapping, [.. inputs.Keys], name, "'values'");
            foreach ((YamlNode key, YamlNode value) in mapping.Children)
            {
                string symbol = ((YamlScalarNode)key).Value!;
                inputs[symbol] = Value(inputs[symbol], value, name);
            }
        }

        // A PUE that the user gives is meant, whatever the way in which one would be built up.
        bool givesPue = (values as YamlMappingNode)?.Children.ContainsKey("pue") == true;
        if (facility == FacilityMode.BuiltUp)
        {
            if (givesPue)
            {
                throw new InputException(
                    $"In {name}, 'pue' is given and 'facility' is built-up: give one of them, or overhead would be meant twice."
                );
            }

            inputs.Remove("pue");
        }

        return new Scenario
        {
            Name = Word(root, "name") ?? "default",
            Ownership = ownership,
            Facility = facility,
            Cooling = cooling,
            Region = region,
            Inputs = [.. inputs.Values],
        };
    }

    /// <summary>What assumptions may hold for in a scenario.</summary>
    internal static string[] HoldsFor(string? device, string? region, Cooling cooling, Ownership ownership) =>
        [
            .. new[]
            {
                device,
                AssumptionCatalogue.ClassOf(device),
                region,
                NameOf(cooling),
                NameOf(ownership),
            }.OfType<string>(),
        ];

    /// <summary>A key with nothing behind it, as in the template where every value is still commented out.</summary>
    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Value: null or "" or "~" or "null" };

    private static YamlMappingNode Root(string text, string name)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (Exception exception) when (exception is YamlException or ArgumentException)
        {
            string place = exception is YamlException yaml ? $", line {yaml.Start.Line}" : string.Empty;
            throw new InputException(
                $"The scenario {name}{place} is neither YAML nor JSON: {exception.Message.ReplaceLineEndings(" ")}",
                exception
            );
        }

        if (stream.Documents.Count == 0)
        {
            return [];
        }

        return stream.Documents[0].RootNode as YamlMappingNode
            ?? throw new InputException($"The scenario {name} must be a mapping of keys to values.");
    }

    /// <summary>Refuses an input at the top, which is where a day's scenario has its inputs but this one has its choices.</summary>
    private static void CheckNesting(YamlMappingNode root, string name)
    {
        IReadOnlyList<ModelInput> inputs = AssumptionCatalogue.Inputs();
        foreach (YamlNode key in root.Children.Keys)
        {
            if (
                key is YamlScalarNode { Value: string symbol }
                && inputs.FirstOrDefault(input => input.Symbol == symbol) is ModelInput input
            )
            {
                throw new InputException(
                    $"In {name}, line {key.Start.Line}, '{symbol}' ({input.Name}) stands at the top; inputs belong below 'values'."
                );
            }
        }
    }

    private static void Check(YamlMappingNode mapping, IReadOnlyCollection<string> known, string name, string where)
    {
        foreach (YamlNode key in mapping.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: string text } || !known.Contains(text))
            {
                throw new InputException(
                    $"In {name}, line {key.Start.Line}, {where} has the unknown key '{key}'; known are {string.Join(", ", known)}."
                );
            }
        }
    }

    private static string? Word(YamlMappingNode root, string key) =>
        root.Children.TryGetValue(key, out YamlNode? node) ? (node as YamlScalarNode)?.Value : null;

    private static T Choice<T>(YamlMappingNode root, string key, T otherwise, string name)
        where T : struct, Enum
    {
        if (Word(root, key) is not string word)
        {
            return otherwise;
        }

        foreach (T value in Enum.GetValues<T>())
        {
            if (NameOf(value) == word)
            {
                return value;
            }
        }

        throw new InputException(
            $"In {name}, '{key}' is '{word}'; accepted are {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}."
        );
    }

    /// <summary>A choice's name in a scenario: <c>rented</c>, <c>built-up</c>, <c>pue</c>.</summary>
    internal static string NameOf<T>(T value)
        where T : struct, Enum =>
        value switch
        {
            FacilityMode.OnePue => "pue",
            FacilityMode.BuiltUp => "built-up",
            _ => value.ToString().ToLowerInvariant(),
        };

    private static void CheckRegion(string? region, string name)
    {
        string[] regions = [.. AssumptionCatalogue.Regions];
        if (region is not null && !regions.Contains(region, StringComparer.OrdinalIgnoreCase))
        {
            throw new InputException(
                $"In {name}, 'region' is '{region}'; known are {string.Join(", ", regions)}. Give 'tariff' under 'values' for another."
            );
        }
    }

    private static ModelInput Value(ModelInput assumed, YamlNode node, string name)
    {
        ProvenanceNote from = UserFigure.Note(name);
        double? low = null;
        double? high = null;
        double likely;
        if (node is YamlMappingNode mapping)
        {
            Check(mapping, ValueKeys, name, $"'{assumed.Symbol}'");
            likely = Number(
                assumed,
                mapping.Children.TryGetValue("likely", out YamlNode? given)
                    ? given
                    : throw new InputException($"In {name}, '{assumed.Symbol}' has no 'likely' value."),
                name
            );
            low = mapping.Children.TryGetValue("low", out YamlNode? lowest) ? Number(assumed, lowest, name) : likely;
            high = mapping.Children.TryGetValue("high", out YamlNode? highest)
                ? Number(assumed, highest, name)
                : likely;
            from = Word(mapping, "source") is string words ? ProvenanceNote.Assumed($"{words} ({name})") : from;
            if (low > likely || likely > high)
            {
                throw new InputException(
                    $"In {name}, '{assumed.Symbol}' has low {Text(low.Value)}, likely {Text(likely)} and high {Text(high.Value)}; they must not fall."
                );
            }
        }
        else
        {
            likely = Number(assumed, node, name);
        }

        return new ModelInput(assumed.Symbol, assumed.Name, assumed.Unit.Text, likely, from) { Low = low, High = high };
    }

    private static double Number(ModelInput input, YamlNode node, string name)
    {
        string text = (node as YamlScalarNode)?.Value ?? "a list";
        if (
            !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value)
        )
        {
            throw new InputException(
                $"In {name}, line {node.Start.Line}, '{input.Symbol}' is '{text}'; a number in {input.Unit} is accepted."
            );
        }

        return AcceptedRange.WhyNot(input.Symbol, value) is string accepted
            ? throw new InputException(
                $"In {name}, line {node.Start.Line}, '{input.Symbol}' ({input.Name}) is {text}; {accepted} is accepted."
            )
            : value;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
