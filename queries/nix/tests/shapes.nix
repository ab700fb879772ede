# A package.
{ pkgs ? import <nixpkgs> {}, lib, ... }:
#        ^ reference.call
#                ^ import
let
  # The version.
  version = "1.0";
# ^ definition.variable
# ^ doc The version.
  helper = x: x + 1;
# ^ definition.function
  inherit (lib) mkOption types;
#          ^ reference.identifier
#               ^ reference.identifier
#                        ^ reference.identifier
in
rec {
  imports = [ ./hardware.nix ../common ];
# ^ definition.property
#             ^ import
#                            ^ import
  name = "shapes-${version}";
# ^ definition.property
#                  ^ reference.identifier name
  package = pkgs.callPackage ./package.nix { inherit version; };
# ^ definition.property
#           ^ reference.identifier package
#                ^ reference.call package
#                            ^ import
#                                                    ^ reference.identifier package
  services.nginx.enable = true;
# ^ definition.property
#                         ^ reference.identifier services.nginx.enable
  area = { width, height }: helper (width * height);
# ^ definition.function
#                           ^ reference.call area
#                                   ^ reference.identifier area
#                                           ^ reference.identifier area
  meta = { description = "x"; inner = { a = 1; }; };
# ^ definition.property
#          ^ definition.property meta
#                             ^ definition.property meta
#                                       ^ definition.property meta.inner
  value = builtins.map helper [ 1 2 ];
# ^ definition.property
#         ^ reference.identifier value
#                  ^ reference.call value
#                      ^ reference.identifier value
  shell = with pkgs; mkShell { buildInputs = [ hello ]; };
# ^ definition.property
#              ^ reference.identifier shell
#                    ^ reference.call shell
#                              ^ definition.property shell
#                                              ^ reference.identifier shell.buildInputs
}
