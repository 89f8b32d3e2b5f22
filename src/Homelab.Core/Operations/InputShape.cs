using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>An operation's input type: how to read it from JSON, write it back, and name it by a hash.</summary>
public sealed class InputShape
{
    private static readonly ConcurrentDictionary<Type, InputShape> s_shapes = new();

    private InputShape(Type type)
    {
        Type = type;
        Properties =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(static p => p.SetMethod is not null)
                .Select(static p => new InputProperty(p)),
        ];
        Subject = Properties.SingleOrDefault(static p => p.IsSubject);
    }

    /// <summary>The input record.</summary>
    public Type Type { get; }

    /// <summary>Its settable properties, in the order they are written.</summary>
    public IReadOnlyList<InputProperty> Properties { get; }

    /// <summary>The property that names what the operation acts on, if there is one.</summary>
    public InputProperty? Subject { get; }

    /// <summary>The shape of an input type; reflected once per process.</summary>
    public static InputShape Of(Type type) => s_shapes.GetOrAdd(type, static t => new InputShape(t));

    /// <summary>Reads an input from JSON.</summary>
    /// <exception cref="HomelabException"><c>InputInvalid</c> (Invalid), with every problem at once: field, value, reason and way out.</exception>
    public object Bind(JsonElement json) => InputBinder.Bind(this, json);

    /// <summary>Checks an input that was not read from JSON by the same rules.</summary>
    /// <exception cref="InputException"><c>InputInvalid</c> (Invalid), with every problem at once.</exception>
    public void Validate(object input) => InputBinder.Validate(this, input);

    /// <summary>Writes an input as JSON: names in camelCase, in the order of the type, without nulls.</summary>
    public JsonObject Write(object input)
    {
        var json = new JsonObject();
        foreach (var property in Properties)
        {
            if (property.Property.GetValue(input) is { } value) json[property.Name] = InputBinder.Write(value);
        }

        return json;
    }

    /// <summary>The hash that an approval is bound to: SHA-256 over the operation's name and the written input, in hex.</summary>
    public string Hash(string operation, object input)
    {
        var text = $"{operation}\n{Write(input).ToJsonString()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
