using System.Globalization;
using System.Text.Json;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Writes the keys of a <c>config.json</c>.</summary>
/// <param name="json">The writer, inside an object.</param>
internal sealed class ConfigWriter(Utf8JsonWriter json)
{
    /// <summary>A key with a whole number, or null.</summary>
    public void Int(string key, int? value)
    {
        if (value is int number)
        {
            json.WriteNumber(key, number);
        }
        else
        {
            json.WriteNull(key);
        }
    }

    /// <summary>A key with a number that Python must read as a float: one without a fraction is given <c>.0</c>.</summary>
    public void Float(string key, double value)
    {
        json.WritePropertyName(key);
        Float(value);
    }

    /// <summary>A key with such a number, or null.</summary>
    public void FloatOrNull(string key, double? value)
    {
        if (value is double number)
        {
            Float(key, number);
        }
        else
        {
            json.WriteNull(key);
        }
    }

    /// <summary>A key with an array of such numbers.</summary>
    public void Floats(string key, IEnumerable<double> values)
    {
        json.WriteStartArray(key);
        foreach (double value in values)
        {
            Float(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A key with an array of whole numbers.</summary>
    public void Ints(string key, IEnumerable<int> values)
    {
        json.WriteStartArray(key);
        foreach (int value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A key with true or false.</summary>
    public void Bool(string key, bool value) => json.WriteBoolean(key, value);

    /// <summary>A key with a string.</summary>
    public void Text(string key, string value) => json.WriteString(key, value);

    /// <summary>A key with null.</summary>
    public void Null(string key) => json.WriteNull(key);

    /// <summary>A key with an array of strings.</summary>
    public void Texts(string key, IEnumerable<string> values)
    {
        json.WriteStartArray(key);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A key with an object.</summary>
    public void Object(string key, Action writeKeys)
    {
        json.WriteStartObject(key);
        writeKeys();
        json.WriteEndObject();
    }

    private void Float(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        json.WriteRawValue(text.AsSpan().IndexOfAny(".E") < 0 ? text + ".0" : text);
    }
}
