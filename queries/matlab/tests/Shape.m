classdef Shape < Base & handle
%        ^ definition.class
%                ^ reference.class Shape
%                       ^ reference.class Shape
    % A shape.
    properties
        Width = 1
%       ^ definition.property Shape
        Height double
%       ^ definition.property Shape
    end
    properties (Constant)
%               ^ reference.identifier Shape
        Limit = 10
%       ^ definition.constant Shape
    end
    events
        Changed
%       ^ definition.property Shape
    end
    enumeration
        Red, Green
%       ^ definition.variant Shape
%            ^ definition.variant Shape
    end
    methods
        function obj = Shape(width)
%                      ^ definition.method Shape
            obj.Width = width;
%           ^ reference.identifier Shape.Shape
%               ^ reference.identifier Shape.Shape
            obj@Base(width);
%           ^ reference.call Shape.Shape
%               ^ reference.class Shape.Shape
        end

        % Computes.
        function a = area(obj, other)
%                    ^ definition.method Shape
            local = helper(obj.Width);
%                   ^ reference.call Shape.area
%                          ^ reference.identifier Shape.area
%                              ^ reference.identifier Shape.area
            a = local * other.scale(2);
%                       ^ reference.identifier Shape.area
%                             ^ reference.call Shape.area
            notify(obj, 'Changed');
%           ^ reference.call Shape.area
        end
    end
end
function y = helper(x)
%            ^ definition.function
% Helps.
import pkg.util.*
% <- reference.call helper
%      ^ import
import pkg.tool
% <- reference.call helper
%      ^ import
y = cellfun(@scale, x) + utils.convert(x);
%   ^ reference.call helper
%            ^ reference.call helper
%                        ^ reference.identifier helper
%                              ^ reference.call helper
disp x
% <- reference.call helper
end
