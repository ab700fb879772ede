{ Shapes. }
unit Shapes;
//   ^ definition.module
//   ^ doc Shapes.
interface
uses SysUtils, App.Base;
//   ^ import
//   ^ reference.identifier Shapes
//             ^ import
const
  Limit = 10;
//^ definition.constant Shapes
type
  TColor = (Red, Green);
//^ definition.enumeration Shapes
//          ^ definition.variant Shapes.TColor
//               ^ definition.variant Shapes.TColor
  TPoint = record
//^ definition.struct Shapes
    X, Y: Integer;
//  ^ definition.field Shapes.TPoint
//     ^ definition.field Shapes.TPoint
//        ^ reference.type Shapes.TPoint
  end;
  IDrawable = interface
//^ definition.interface Shapes
    procedure Draw;
//            ^ definition.method Shapes.IDrawable
  end;

  // A shape.
  TShape = class(TBase, IDrawable)
//^ definition.class Shapes
//^ doc A shape.
//               ^ reference.class Shapes.TShape
//                      ^ reference.class Shapes.TShape
  private
    FWidth: Integer;
//  ^ definition.field Shapes.TShape
//          ^ reference.type Shapes.TShape
  public
    constructor Create(AWidth: Integer);
//              ^ definition.method Shapes.TShape
//                     ^ reference.identifier Shapes.TShape.Create
//                             ^ reference.type Shapes.TShape.Create
    function Area: Integer;
//           ^ definition.method Shapes.TShape
//                 ^ reference.type Shapes.TShape.Area
    property Width: Integer read FWidth write FWidth;
//           ^ definition.property Shapes.TShape
//                  ^ reference.type Shapes.TShape.Width
//                               ^ reference.identifier Shapes.TShape.Width
//                                            ^ reference.identifier Shapes.TShape.Width
  end;
  THandler = procedure(Sender: TObject);
//^ definition.type Shapes
//                             ^ reference.type Shapes.THandler
var
  Counter: Integer;
//^ definition.variable Shapes
//         ^ reference.type Shapes.Counter
function Helper(X: Integer): Integer;
//       ^ definition.function Shapes
//                 ^ reference.type Shapes.Helper
//                           ^ reference.type Shapes.Helper
implementation
uses Other;
//   ^ import
constructor TShape.Create(AWidth: Integer);
//          ^ definition.implementation Shapes
//          ^ reference.identifier Shapes.TShape.Create
//                 ^ definition.method Shapes.TShape
//                        ^ reference.identifier Shapes.TShape.Create
//                                ^ reference.type Shapes.TShape.Create
begin
  inherited Create;
//          ^ reference.call Shapes.TShape.Create
  FWidth := AWidth;
//^ reference.identifier Shapes.TShape.Create
//          ^ reference.identifier Shapes.TShape.Create
end;
function TShape.Area: Integer;
//       ^ definition.implementation Shapes
//       ^ reference.identifier Shapes.TShape.Area
//              ^ definition.method Shapes.TShape
//                    ^ reference.type Shapes.TShape.Area
var
  Local: Integer;
//       ^ reference.type Shapes.TShape.Area
begin
  Local := Helper(FWidth);
//         ^ reference.call Shapes.TShape.Area
//                ^ reference.identifier Shapes.TShape.Area
  Result := Local * Self.Width;
//                       ^ reference.identifier Shapes.TShape.Area
  WriteLn('x');
//^ reference.call Shapes.TShape.Area
end;
function Helper(X: Integer): Integer;
//       ^ definition.function Shapes
//                 ^ reference.type Shapes.Helper
//                           ^ reference.type Shapes.Helper
begin
  Result := X * 2;
end;
end.
